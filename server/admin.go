package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// backup copies all boards of the running server. The file is there once it is whole and on disk.
func (p *program) backup(ctx context.Context, args []string) error {
	file := args[0]
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("backup: %s is there already", file)
	}
	part, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".part-*")
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer os.Remove(part.Name())
	n, err := p.fetchBackup(ctx, part)
	if err = errors.Join(err, part.Sync(), part.Close()); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := os.Link(part.Name(), file); err != nil { // fails if something has come to be there
		return fmt.Errorf("backup: %w", err)
	}
	if err := syncFolder(filepath.Dir(file)); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	fmt.Fprintf(p.stdout, "%s: %d bytes. The links' secret is not in it: keep %s too.\n", file, n, p.secretPath())
	return nil
}

// fetchBackup reads a backup from the admin address.
func (p *program) fetchBackup(ctx context.Context, w io.Writer) (int64, error) {
	if p.adminListen == "" {
		return 0, errors.New("the running server is asked at the admin address, and admin-listen is empty")
	}
	keys, _, err := p.keys()
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+local(p.adminListen)+"/backup", nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+p.token(keys))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, fmt.Errorf("ask the running server: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("the server at %s answers %s; data, secret and admin-token must be as it has them", p.adminListen, answer.Status)
	}
	return io.Copy(w, answer.Body)
}

// health asks the running server whether it is alive.
func (p *program) health(ctx context.Context, _ []string) error {
	scheme, client := "http", &http.Client{Timeout: 3 * time.Second}
	if p.tlsCert != "" {
		// The certificate names the public host, not the loopback address that is asked here.
		scheme, client.Transport = "https", &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} // nothing is told or believed
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+local(p.listen)+"/healthz", nil)
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	answer, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("health: the server answers %s", answer.Status)
	}
	return nil
}

// local is where a listener of this machine is reached from it.
func local(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
