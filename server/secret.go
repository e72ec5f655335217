package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"jana/server/web"
)

func (p *program) storePath() string  { return filepath.Join(p.data, "jana.db") }
func (p *program) secretPath() string { return filepath.Join(p.data, "secret") }

// keys are made of the secret that is configured, or else of the one in the data folder. made says that there was none:
// then a new one was put there, and every link that was handed out before is void.
func (p *program) keys() (keys *web.Keys, made bool, err error) {
	if p.secret != "" {
		return web.KeysOf(p.secret), false, nil
	}
	path := p.secretPath()
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		raw, err = makeSecret(path)
		made = err == nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("secret: %w", err)
	}
	secret := strings.TrimSpace(string(raw))
	if len(secret) < minSecretLength {
		return nil, false, fmt.Errorf("secret %s: it has %d characters where at least %d should be; put the right one there, or remove it and all links will be new", path, len(secret), minSecretLength)
	}
	return web.KeysOf(secret), made, nil
}

// makeSecret keeps a new secret before anybody can have a link made of it.
func makeSecret(path string) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	var b [32]byte
	rand.Read(b[:])
	secret := append(base64.RawURLEncoding.AppendEncode(nil, b[:]), '\n')
	// Written aside and linked into place, so that a kill leaves a whole one or none.
	aside, err := os.CreateTemp(filepath.Dir(path), ".secret-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(aside.Name())
	_, err = aside.Write(secret)
	if err = errors.Join(err, aside.Sync(), aside.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(aside.Name(), path); err != nil {
		return nil, err
	}
	return secret, syncFolder(filepath.Dir(path))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
