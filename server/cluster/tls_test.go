package cluster

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"jana/server/redistest"
)

func TestRedisIsReachedByTLSAndItsCertificateIsChecked(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the system here trusts whom it wants")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	_, port, _ := net.SplitHostPort(addr)
	s := redistest.Start(t, "--tls-port", port, "--tls-cert-file", certificateFile, "--tls-key-file", keyFile, "--tls-auth-clients", "no")
	o := optionsOf(s, "a")
	o.URL = "rediss://" + addr
	c, err := Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	e := subscribe(t, c, "jana:x")
	publish(t, c, "jana:x", "m")
	until(t, "it is heard", func() bool { return e.heard("m") })
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	o.URL = "rediss://localhost:" + port
	refused(t, o, "certificate")
	o.URL = "redis://" + addr
	refused(t, o, addr)
}

// The certificate that the tests trust, and its key.
var certificateFile, keyFile string

// selfSigned makes a certificate for 127.0.0.1.
func selfSigned(folder string) (certificate, key string, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "redis"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		return "", "", err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", "", err
	}
	certificate, key = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	write := func(path, typ string, bytes []byte) error {
		return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: typ, Bytes: bytes}), 0o600)
	}
	return certificate, key, errors.Join(write(certificate, "CERTIFICATE", signed), write(key, "PRIVATE KEY", secret))
}
