package main

import (
	"crypto/tls"
	"net"
	"os"
	"runtime/debug"
	"sync"
	"time"
)

// secured ends TLS on a listener. A certificate that is renewed on disk is
// taken up without a restart.
func secured(l net.Listener, cert, key string) (net.Listener, error) {
	p := &pair{certFile: cert, keyFile: key}
	if _, err := p.get(nil); err != nil {
		l.Close()
		return nil, usage("the certificate cannot be used: %v", err)
	}
	return tls.NewListener(l, &tls.Config{GetCertificate: p.get, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}), nil
}

// pair is a certificate and its key as they are on disk.
type pair struct {
	certFile, keyFile string

	mu     sync.Mutex
	loaded *tls.Certificate
	from   [2]time.Time // when its files were written
}

// get reads the files again when either has changed. Half a renewal, which
// does not fit together, leaves the pair that does.
func (p *pair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var written [2]time.Time
	for i, file := range []string{p.certFile, p.keyFile} {
		if info, err := os.Stat(file); err == nil {
			written[i] = info.ModTime()
		}
	}
	if p.loaded != nil && written == p.from {
		return p.loaded, nil
	}
	fresh, err := tls.LoadX509KeyPair(p.certFile, p.keyFile)
	if err != nil {
		if p.loaded != nil {
			return p.loaded, nil
		}
		return nil, err
	}
	p.loaded, p.from = &fresh, written
	return p.loaded, nil
}

// version is what the program was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return info.Main.Version
}
