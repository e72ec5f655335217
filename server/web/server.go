// Package web is the edge: HTTP, websockets, keys, limits and what is measured. It is the one place that knows echo and
// the websocket library. It asks rooms for everything that is about a board, and decides nothing about one itself.
package web

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"jana/server/room"
)

// ErrUnreadable says that a board's data cannot be trusted. Whoever gives the hub its store wraps it.
var ErrUnreadable = errors.New("board unreadable")

// Options of a server.
type Options struct {
	Hub  *room.Hub
	Keys *Keys
	// Pages are the files of the browser's side.
	Pages fs.FS
	// Base is the public address, nil for that of each request.
	Base *url.URL
	// Trusted are proxies whose X-Forwarded headers are believed.
	Trusted []netip.Prefix
	Limits  Limits
	// Disk tells how the boards' file is.
	Disk func() Disk
	// Others tells how the other instances can be reached; nil: there are none.
	Others func() Others
	Log    *slog.Logger
}

// Disk is what there is to know about the file of boards.
type Disk struct {
	// Err is why nothing can be saved at the moment, nil if all is well.
	Err error
	// Queued entries wait to be saved.
	Queued int
	// Flushes and Entries count transactions and what they saved since the start.
	Flushes, Entries uint64
	// Bytes is the size of the file.
	Bytes int64
}

// Others is what there is to know about the way to the other instances.
type Others struct {
	// Err is why they cannot be reached at the moment, nil if they can.
	Err error
	// Clock is by how much this machine's clock is ahead of the one by which entries get their times.
	Clock time.Duration
	// Sent, Received and Dropped are messages of presence since the start.
	Sent, Received, Dropped int64
}

// Server is the edge of one instance.
type Server struct {
	hub     *room.Hub
	keys    *Keys
	edge    edge
	limits  Limits
	disk    func() Disk
	others  func() Others
	log     *slog.Logger
	metrics *metrics
	handler http.Handler

	creating  *rate
	wrongKeys *rate
	// importing holds a token for each file that is being made a board of: reading one takes memory.
	importing chan struct{}
	// analysing holds one for each board that is being analysed, which takes time.
	analysing chan struct{}

	draining atomic.Bool
	sockets  sockets
}

// New makes a server. Close ends what it starts.
func New(o Options) (*Server, error) {
	pages, err := loadPages(o.Pages)
	if err != nil {
		return nil, err
	}
	s := &Server{
		hub:       o.Hub,
		keys:      o.Keys,
		edge:      edge{base: o.Base, trusted: o.Trusted},
		limits:    o.Limits,
		disk:      o.Disk,
		others:    o.Others,
		log:       o.Log,
		creating:  newRate(o.Limits.BoardsPerMinute, o.Limits.BoardBurst),
		wrongKeys: newRate(o.Limits.WrongKeysPerMinute, o.Limits.WrongKeysPerMinute),
	}
	s.importing = make(chan struct{}, importsAtATime)
	s.analysing = make(chan struct{}, analysesAtATime)
	s.metrics = newMetrics(s)
	s.handler = s.routes(pages)
	s.sockets.start(s.limits)
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (s *Server) routes(p *pages) http.Handler {
	e := echo.New()
	e.HTTPErrorHandler = s.fail
	e.IPExtractor = func(r *http.Request) string { return s.edge.address(r).String() }
	e.Use(s.logged, s.headers, recovered(s.log), noKeyInAddress, s.ownOrigin)

	e.GET("/", p.page)
	e.GET("/b/:id", p.board)
	e.GET("/f/:id", p.page)
	e.HEAD("/", p.page)
	e.HEAD("/b/:id", p.board)
	e.HEAD("/f/:id", p.page)
	e.GET("/*", p.file)
	e.HEAD("/*", p.file)

	e.GET("/healthz", s.alive)
	e.HEAD("/healthz", s.alive)
	e.GET("/readyz", s.ready)
	e.HEAD("/readyz", s.ready)

	e.POST("/api/boards", s.create)
	e.POST("/api/boards/import", s.importBoard)
	e.GET("/api/boards/:id", s.show)
	e.DELETE("/api/boards/:id", s.remove)
	e.POST("/api/boards/:id/copies", s.copyBoard)
	e.POST("/api/boards/:id/ops", s.ops)
	e.GET("/api/boards/:id/digest", s.digest)
	e.GET("/api/boards/:id/analysis", s.analysis)
	e.GET("/api/boards/:id/comparison", s.comparison)
	e.GET("/api/boards/:id/report", s.report)
	e.GET("/api/boards/:id/history", s.history)
	e.GET("/api/boards/:id/links", s.listLinks)
	e.POST("/api/boards/:id/links", s.makeLink)
	e.DELETE("/api/boards/:id/links/:link", s.closeLink)
	e.GET("/api/boards/:id/export/:file", s.export)
	e.GET("/api/boards/:id/wall", s.wall)
	e.POST("/api/boards/:id/wall", s.giveFeedback)
	e.GET("/api/boards/:id/socket", s.socket)
	e.Any("/api/*", func(echo.Context) error { return problem("not_found") })
	return e
}

// logged writes what was asked for, never the address itself: it could hold what somebody pasted.
func (s *Server) logged(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		from := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		took := time.Since(from)
		s.metrics.request(c.Request().Method, c.Path(), c.Response().Status, took)
		s.log.Debug("request", "method", c.Request().Method, "route", c.Path(), "status", c.Response().Status, "took", took)
		return nil
	}
}

// noKeyInAddress refuses a key where proxies and histories would keep it.
func noKeyInAddress(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		u := c.Request().URL
		if !isAPI(u.Path) || u.RawQuery == "" {
			return next(c)
		}
		query, err := url.ParseQuery(u.RawQuery)
		if err != nil {
			return problem("bad_request")
		}
		for name, values := range query {
			switch name {
			case "key", "token", "secret", "access_token":
				return problem("key_in_address")
			}
			for _, v := range values {
				if len(v) == keyLength {
					return problem("key_in_address")
				}
			}
		}
		return next(c)
	}
}

// ownOrigin lets only our own pages change something or open a websocket.
func (s *Server) ownOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		if (!reads || r.Header.Get("Upgrade") != "") && !s.edge.allows(r) {
			return problem("foreign_origin")
		}
		return next(c)
	}
}

func (s *Server) alive(c echo.Context) error {
	return s.json(c, http.StatusOK, map[string]any{"alive": true})
}

// ready tells a balancer whether to send people here, and a person why not.
func (s *Server) ready(c echo.Context) error {
	causes := []map[string]string{}
	if s.draining.Load() {
		causes = append(causes, map[string]string{"code": "draining", "detail": problems["draining"].detail})
	}
	if err := s.disk().Err; err != nil {
		causes = append(causes, map[string]string{"code": "disk", "detail": problems["disk"].detail})
	}
	if s.others != nil && s.others().Err != nil {
		causes = append(causes, map[string]string{"code": "redis", "detail": problems["redis"].detail})
	}
	if len(causes) > 0 {
		// Who asks again comes by another connection, which may lead to another instance.
		c.Response().Header().Set("Connection", "close")
		return problem("not_ready").member("causes", causes)
	}
	return s.json(c, http.StatusOK, map[string]any{"ready": true})
}

// Drain lets nobody in any more, saves everything, and sends everybody away to come back within spread. It returns when
// all sockets are closed, or with the error of ctx.
func (s *Server) Drain(ctx context.Context, spread time.Duration) error {
	s.draining.Store(true)
	err := s.hub.Drain(ctx, spread)
	return errors.Join(err, s.sockets.end(ctx))
}

func stack() string { return string(debug.Stack()) }

// jittered spreads what would otherwise happen to all at once: d ± 20 %.
func jittered(d time.Duration) time.Duration {
	return d + time.Duration((rand.Float64()-0.5)*0.4*float64(d))
}
