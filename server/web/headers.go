package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// policy lets a page run and load what this server sent, and nothing else. The two trusted-types policies are Svelte's
// and the one that registers the service worker.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types svelte-trusted-html app-sw"

// headers go with every answer, errors included.
func (s *Server) headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		secure(h)
		if s.edge.isolates(c.Request()) {
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
		}
		if isAPI(c.Request().URL.Path) {
			h.Set("Cache-Control", "no-store")
		}
		return next(c)
	}
}

func secure(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("X-XSS-Protection", "0")
	h.Set("X-Robots-Tag", "noindex")
}

func isAPI(path string) bool { return path == "/api" || strings.HasPrefix(path, "/api/") }
