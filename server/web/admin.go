package web

import (
	"context"
	"crypto/subtle"
	"io"
	"net/http"
	"net/http/pprof"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Admin serves what is for the one who hosts Jana alone: metrics, a backup while the server runs, and profiles. Each
// needs the token, in a header. backup writes a whole, consistent copy of all boards.
func (s *Server) Admin(token string, backup func(context.Context, io.Writer) error) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /backup", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Disposition", `attachment; filename="jana.db"`)
		if err := backup(r.Context(), w); err != nil {
			s.log.Error("backup", "error", err)
			panic(http.ErrAbortHandler) // half a file must not look like a whole one
		}
	})
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, problem("not_found")) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header())
		w.Header().Set("Cache-Control", "no-store")
		got, _ := bearer(r.Header.Values("Authorization"))
		if subtle.ConstantTimeCompare([]byte(got), []byte(token)) != 1 {
			s.refuse(w, r, problem("no_key").because("Send the admin token as 'Authorization: Bearer <token>'."))
			return
		}
		mux.ServeHTTP(w, r)
	})
}
