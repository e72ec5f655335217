package cluster

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// parse reads where Redis is:
//
//	redis://[user[:password]@]host[:port][/database]   one server; rediss: by TLS
//	…?addr=host:port&addr=host:port                    more nodes of a Redis Cluster
//	…?cluster=true                                     a cluster known by one node
//	…?sentinel=NAME[&addr=…]                           the hosts are Sentinels that
//	                                                   watch a master of this name
//
// sentinel-user and sentinel-password are for Sentinels that ask for one. By
// TLS, a certificate has to be one that the system trusts; SSL_CERT_FILE names
// an authority of one's own. No error shows the password.
func parse(raw string) (*redis.UniversalOptions, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("the address of Redis is no URL; it looks like redis://:password@host:6379")
	}
	if u.Scheme != "redis" && u.Scheme != "rediss" || u.Hostname() == "" || u.Fragment != "" {
		return nil, fmt.Errorf("the address of Redis looks like redis://:password@host:6379 or rediss://…, not %s", u.Redacted())
	}
	o := &redis.UniversalOptions{Username: u.User.Username()}
	o.Password, _ = u.User.Password()
	if u.Scheme == "rediss" {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if path := strings.Trim(u.Path, "/"); path != "" {
		if o.DB, err = strconv.Atoi(path); err != nil || o.DB < 0 {
			return nil, fmt.Errorf("the database of Redis is a number, not %q", path)
		}
	}
	query := u.Query()
	for name := range query {
		switch name {
		case "addr", "cluster", "sentinel", "sentinel-user", "sentinel-password":
		default:
			return nil, fmt.Errorf("the address of Redis knows no %q, but addr, cluster, sentinel, sentinel-user and sentinel-password", name)
		}
	}
	o.MasterName, o.SentinelUsername, o.SentinelPassword = query.Get("sentinel"), query.Get("sentinel-user"), query.Get("sentinel-password")
	port := "6379"
	if o.MasterName != "" {
		port = "26379"
	}
	for _, host := range append([]string{u.Host}, query["addr"]...) {
		if _, _, err := net.SplitHostPort(host); err != nil {
			host = net.JoinHostPort(strings.Trim(host, "[]"), port)
		}
		o.Addrs = append(o.Addrs, host)
	}
	switch query.Get("cluster") {
	case "", "false":
	case "true":
		o.IsClusterMode = true
	default:
		return nil, fmt.Errorf("cluster in the address of Redis is true or false, not %q", query.Get("cluster"))
	}
	clustered := o.IsClusterMode || len(o.Addrs) > 1 && o.MasterName == ""
	if clustered && o.DB != 0 {
		return nil, errors.New("a Redis Cluster has no numbered databases")
	}
	if o.IsClusterMode && o.MasterName != "" {
		return nil, errors.New("the address of Redis says cluster and sentinel: it can be one of them")
	}
	return o, nil
}

// isLoopback says whether only this machine reaches all of the hosts.
func isLoopback(addrs []string) bool {
	for _, addr := range addrs {
		host, _, _ := net.SplitHostPort(addr)
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return false
		}
	}
	return true
}
