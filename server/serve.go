package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"time"

	"jana/server/room"
	"jana/server/web"
	"jana/store"
)

const (
	// drainTimeout is how long everybody may take to be sent away and everything to be saved, answerTimeout what calls
	// under way get after that, and closeTimeout the disk.
	drainTimeout  = 6 * time.Second
	answerTimeout = time.Second
	closeTimeout  = 2 * time.Second
)

// serve runs the server until ctx ends, and leaves nothing unsaved.
func (p *program) serve(ctx context.Context) (err error) {
	log := p.logger()
	boards, err := store.Open(p.storePath(), store.Options{OnHealth: func(err error) {
		if err != nil {
			log.Error("saving fails", "error", err)
			return
		}
		log.Info("saving works again")
	}})
	if err != nil {
		return err
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		err = errors.Join(err, boards.Close(closing))
	}()
	keys, made, err := p.keys()
	if err != nil {
		return err
	}
	if made {
		log.Info("a new secret was made; keep it with your backups, links are made of it", "file", p.secretPath())
	}

	var hub *room.Hub
	ready := make(chan struct{})
	order, err := p.order(ctx, boards, keys, func(ctx context.Context, id string) error {
		select {
		case <-ready:
			return hub.View(ctx, id, func(room.View) {})
		case <-ctx.Done():
			return ctx.Err()
		}
	}, log)
	if err != nil {
		return err
	}
	defer order.end()
	hub = room.NewHub(disk{boards}, order.sequencer, room.Options{
		Log: log, Relay: order.relay,
		PushesPerSecond: p.limits.PushesPerSecond, PushBurst: p.limits.PushBurst,
		PresencePerSecond: p.limits.PresencePerSecond,
	})
	close(ready)
	edge, err := web.New(web.Options{
		Hub: hub, Keys: keys, Pages: p.pages, Base: p.baseURL, Trusted: p.trustedProxies,
		Limits: p.limits, Log: log, Others: order.others,
		Disk: func() web.Disk {
			s := boards.Stats()
			return web.Disk{Err: boards.Healthy(), Queued: s.Queued, Flushes: s.Flushes, Entries: s.Entries, Bytes: s.FileBytes}
		},
	})
	if err != nil {
		return err
	}
	keeping, stopKeeping := context.WithCancel(ctx)
	wait := newUpkeep(boards, log).start(keeping)
	defer wait()
	defer stopKeeping()

	failed, stopListening, err := p.listenAll(ctx, edge, keys, boards, log)
	if err == nil {
		select {
		case <-ctx.Done():
			log.Info("stopping")
		case err = <-failed:
		}
	}
	p.drain(edge, log)
	stopListening()
	return err
}

// drain sends everybody away and saves everything. A second signal cuts the goodbyes short; what is ordered is saved all
// the same.
func (p *program) drain(edge *web.Server, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := edge.Drain(ctx, p.spread); err != nil {
		log.Warn("not everybody could be sent away in time", "error", err)
	}
}

// listenAll opens the listeners and serves them. failed gets the error of one that ends by itself.
func (p *program) listenAll(ctx context.Context, edge *web.Server, keys *web.Keys, boards *store.Store, log *slog.Logger) (failed <-chan error, stop func(), err error) {
	servers := []*http.Server{p.server(edge, log)}
	addresses := []string{p.listen}
	if p.adminListen != "" {
		backup := func(ctx context.Context, w io.Writer) error {
			_, err := boards.Backup(ctx, w)
			return err
		}
		admin := p.server(edge.Admin(p.token(keys), backup), log)
		admin.WriteTimeout = 0 // a backup takes as long as it takes
		servers, addresses = append(servers, admin), append(addresses, p.adminListen)
	}
	ended := make(chan error, len(servers))
	var running sync.WaitGroup
	stop = func() {
		ending, cancel := context.WithTimeout(context.Background(), answerTimeout)
		defer cancel()
		for _, s := range servers {
			if s.Shutdown(ending) != nil {
				_ = s.Close() // whoever is not done by now has been told to come back
			}
		}
		running.Wait()
	}
	for i, s := range servers {
		l, err := listen(ctx, addresses[i])
		if err != nil {
			return ended, stop, fmt.Errorf("listen: %w", err)
		}
		if i == 0 {
			p.announce(l.Addr())
		} else {
			fmt.Fprintf(p.stdout, "admin: http://%s (metrics, backup, profiles; needs the token)\n", l.Addr())
		}
		secured := i == 0 && p.tlsCert != ""
		if secured {
			pair, err := tls.LoadX509KeyPair(p.tlsCert, p.tlsKey)
			if err != nil {
				return ended, stop, errors.Join(fmt.Errorf("certificate: %w", err), l.Close())
			}
			s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
		}
		running.Go(func() {
			if secured {
				ended <- s.ServeTLS(l, "", "")
			} else {
				ended <- s.Serve(l)
			}
		})
	}
	return ended, stop, nil
}

func (p *program) server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		// Handlers that read a body set a deadline of their own; a download may take its time.
		WriteTimeout:   3 * time.Minute,
		IdleTimeout:    time.Minute,
		MaxHeaderBytes: 16 << 10,
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// token of the admin address.
func (p *program) token(keys *web.Keys) string {
	if p.adminToken != "" {
		return p.adminToken
	}
	return keys.Admin()
}

// announce prints where the pages are.
func (p *program) announce(at net.Addr) {
	fmt.Fprintln(p.stdout, "jana:", p.pagesAddress(at))
	tcp, ok := at.(*net.TCPAddr)
	switch {
	case p.baseURL != nil:
		fmt.Fprintf(p.stdout, "      (listening on %s)\n", at)
	case ok && tcp.IP.IsUnspecified():
		for _, host := range web.LANAddresses() {
			fmt.Fprintf(p.stdout, "      %s://%s\n", p.scheme(), net.JoinHostPort(host, strconv.Itoa(tcp.Port)))
		}
	}
}

func (p *program) scheme() string {
	if p.tlsCert != "" {
		return "https"
	}
	return "http"
}

// pagesAddress is what to open in a browser on this machine.
func (p *program) pagesAddress(at net.Addr) string {
	if p.baseURL != nil {
		return p.baseURL.String()
	}
	host, port, err := net.SplitHostPort(at.String())
	if err != nil {
		return at.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() || ip.IsLoopback() {
		host = "localhost"
	}
	return p.scheme() + "://" + net.JoinHostPort(host, port)
}

// logger writes one line an event. Both forms escape what could break a line or a terminal.
func (p *program) logger() *slog.Logger {
	o := &slog.HandlerOptions{Level: p.logLevel}
	if p.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(p.stderr, o))
	}
	return slog.New(slog.NewTextHandler(p.stderr, o))
}
