package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestTheServerSpeaksHTTPSItself(t *testing.T) {
	cert, key, roots := certificate(t)
	in := start(t, "--tls-cert", cert, "--tls-key", key)
	host := strings.TrimPrefix(in.url, "http://")
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	defer client.CloseIdleConnections()
	answer, err := client.Post("https://"+host+"/api/boards", "application/json", strings.NewReader(`{"title":"x"}`)) // a test
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body := make([]byte, 4096)
	n, _ := answer.Body.Read(body)
	if answer.StatusCode != 201 || !strings.Contains(string(body[:n]), `"https://`+host+`/b/`) {
		t.Errorf("got %d %s, want 201 with https links", answer.StatusCode, body[:n])
	}
	works(t, append(in.of(), "--tls-cert", cert, "--tls-key", key, "health")...)
	for origin, status := range map[string]int{"https://" + host: 101, "http://" + host: 403} {
		conn, response, err := websocket.Dial(t.Context(), "wss://"+host+"/api/boards/aaaaaaaaaaaaaaaa/socket", &websocket.DialOptions{
			HTTPClient: client, HTTPHeader: http.Header{"Origin": {origin}},
		})
		if response == nil || response.StatusCode != status {
			t.Errorf("a page of %s: got %v", origin, err)
		}
		if conn != nil {
			_ = conn.CloseNow()
		}
	}
}

// certificate makes one for 127.0.0.1 that nobody has signed but itself.
func certificate(t *testing.T) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots = x509.NewCertPool()
	roots.AddCert(parsed)
	folder := t.TempDir()
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return write("cert.pem", "CERTIFICATE", der), write("key.pem", "PRIVATE KEY", pkcs8), roots
}
