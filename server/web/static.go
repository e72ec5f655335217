package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// pages holds the files of the browser's side in memory, each in the encodings that it was built with.
type pages struct {
	files map[string]*file // by path, without a leading slash
}

type file struct {
	contentType  string
	cacheControl string
	encodings    []encoded // the one to be preferred first; the last is the plain one
}

type encoded struct {
	name string // of the encoding; "" is plain
	body []byte
	etag string
}

// Go's table of types depends on the machine's files.
var contentTypes = map[string]string{
	".html":        "text/html; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".css":         "text/css; charset=utf-8",
	".json":        "application/json",
	".webmanifest": "application/manifest+json",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".woff2":       "font/woff2",
	".txt":         "text/plain; charset=utf-8",
}

// loadPages reads what the client's build made.
func loadPages(from fs.FS) (*pages, error) {
	p := &pages{files: map[string]*file{}}
	err := fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") || path.Ext(name) == ".br" || path.Ext(name) == ".gz" {
			return err
		}
		f := &file{contentType: contentTypes[path.Ext(name)], cacheControl: "no-cache"}
		if f.contentType == "" {
			f.contentType = "application/octet-stream"
		}
		if strings.HasPrefix(name, "assets/") {
			f.cacheControl = "public, max-age=31536000, immutable"
		}
		for _, e := range []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}, {"", ""}} {
			body, err := fs.ReadFile(from, name+e.suffix)
			if err != nil {
				if e.name == "" {
					return err
				}
				continue
			}
			sum := sha256.Sum256(body)
			etag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12])
			if e.name != "" {
				etag += "-" + e.name
			}
			f.encodings = append(f.encodings, encoded{e.name, body, etag + `"`})
		}
		p.files[name] = f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the client's files: %w", err)
	}
	if p.files["index.html"] == nil || p.files["board.html"] == nil {
		return nil, fmt.Errorf("the client is not built: run make build")
	}
	return p, nil
}

// page answers with the one page, whatever the address in the browser stands for.
func (p *pages) page(c echo.Context) error { return p.serve(c, "index.html") }

// board answers with the same page, which asks at once for what a board needs.
func (p *pages) board(c echo.Context) error { return p.serve(c, "board.html") }

// file answers with a file, or says that there is none.
func (p *pages) file(c echo.Context) error {
	return p.serve(c, strings.TrimPrefix(c.Request().URL.Path, "/"))
}

func (p *pages) serve(c echo.Context, name string) error {
	f := p.files[name]
	if f == nil {
		return problem("not_found")
	}
	h := c.Response().Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", f.cacheControl)
	h.Set("Vary", "Accept-Encoding")
	e := f.choose(c.Request().Header.Get("Accept-Encoding"))
	h.Set("ETag", e.etag)
	if e.name != "" {
		h.Set("Content-Encoding", e.name)
	}
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(e.body))
	return nil
}

// choose takes the first encoding that the browser accepts.
func (f *file) choose(accept string) encoded {
	for _, e := range f.encodings {
		if e.name == "" || accepts(accept, e.name) {
			return e
		}
	}
	panic("a file has its plain form")
}

func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			q := strings.ReplaceAll(params, " ", "")
			return q != "q=0" && !strings.HasPrefix(q, "q=0.0")
		}
	}
	return false
}
