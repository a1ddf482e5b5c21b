package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// written is what a command says while it runs.
type written struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

// until waits for words of a command, and gives what the pattern's group takes.
func (w *written) until(t *testing.T, pattern string) string {
	t.Helper()
	find := regexp.MustCompile(pattern)
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if m := find.FindStringSubmatch(w.String()); m != nil {
			return m[len(m)-1]
		}
	}
	t.Fatalf("it never says %s:\n%s", pattern, w)
	return ""
}

// startServing runs braid serve until stop is called, which gives its exit code.
func startServing(t *testing.T, args ...string) (said *written, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	said = &written{}
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), io.Discard, said, func(string) string { return "" }, time.Now)
	}()
	stop = sync.OnceValue(func() int {
		cancel()
		return <-ended
	})
	t.Cleanup(func() { stop() })
	return said, stop
}

func fetch(t *testing.T, client *http.Client, at string) (int, string) {
	t.Helper()
	res, err := client.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// A first run makes an empty ledger and a link for the first account; a second
// serve on the file is refused at once; a stop lets what is under way end.
func TestServe(t *testing.T) {
	db := filepath.Join(t.TempDir(), "braid.db")
	said, stop := startServing(t, "--db", db)
	address := said.until(t, `Braid is at (http://\S+)`)
	link := said.until(t, `(http://\S+/en/set-up/\S+)`)
	if code, body := fetch(t, http.DefaultClient, link); code != http.StatusOK || !strings.Contains(body, "Set Braid up") {
		t.Errorf("the link answers %d:\n%s", code, body)
	}
	if code, body := fetch(t, http.DefaultClient, address+"/en/"); code != http.StatusOK || !strings.Contains(body, "Sign in to Braid") {
		t.Errorf("the first page answers %d:\n%s", code, body)
	}
	if code, _ := fetch(t, http.DefaultClient, address+"/readyz"); code != http.StatusOK {
		t.Errorf("it is not ready: %d", code)
	}

	began := time.Now()
	var out, err bytes.Buffer
	code := run(context.Background(), []string{"serve", "--db", db, "--listen", "127.0.0.1:0"}, &out, &err, func(string) string { return "" }, time.Now)
	if took := time.Since(began); code == exitDone || !strings.Contains(err.String(), "already served") || took > time.Second {
		t.Errorf("a second serve: exit %d after %v\n%s", code, took, err.String())
	}

	// A form that is half sent when the stop comes is still answered.
	conn, dialErr := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	if dialErr != nil {
		t.Fatal(dialErr)
	}
	defer conn.Close()
	body := "email=a%40b.example&password=x"
	head := "POST /en/sign-in HTTP/1.1\r\nHost: " + strings.TrimPrefix(address, "http://") + "\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 30\r\nConnection: close\r\n\r\n"
	if _, err := conn.Write([]byte(head + body[:10])); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
	go func() {
		time.Sleep(300 * time.Millisecond)
		_, _ = conn.Write([]byte(body[10:]))
	}()
	if code := stop(); code != exitDone {
		t.Errorf("stopped: exit %d\n%s", code, said)
	}
	answer, _ := io.ReadAll(conn)
	if !strings.Contains(string(answer), "422 Unprocessable") {
		t.Errorf("what was under way got %q", answer)
	}
	if strings.Contains(said.String(), "panic") {
		t.Error(said)
	}
	// And it starts again, with a link that replaces the first.
	said, _ = startServing(t, "--db", db)
	said.until(t, `/en/set-up/(\S+)`)
	again := said.until(t, `Braid is at (http://\S+)`)
	if code, _ := fetch(t, http.DefaultClient, again+"/en/set-up/"+link[strings.LastIndex(link, "/")+1:]); code != http.StatusGone {
		t.Errorf("the older link answers %d", code)
	}
}

func TestServeRefuses(t *testing.T) {
	db := filepath.Join(t.TempDir(), "braid.db")
	for words, args := range map[string][]string{
		"beyond this machine":        {"--listen", "0.0.0.0:0"},
		"certificate cannot be used": {"--cert", "none.pem", "--key", "none.pem"},
		"network like 10.0.0.0/8":    {"--proxy", "everyone"},
		"cannot listen on":           {"--listen", "127.0.0.1:http-or-so"},
	} {
		if code, _, err := braid(t, append([]string{"serve", "--db", db}, args...)...); code != exitUsage || !strings.Contains(err, words) {
			t.Errorf("%s: exit %d\n%s", strings.Join(args, " "), code, err)
		}
	}
}

// Over TLS the cookies are Secure; a renewed certificate needs no restart.
func TestServeTLS(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	first := certificate(t, cert, key, 1)
	said, _ := startServing(t, "--db", filepath.Join(dir, "braid.db"), "--cert", cert, "--key", key)
	address := said.until(t, `Braid is at (https://\S+)`)
	serial := func(trust *x509.Certificate) int64 {
		t.Helper()
		pool := x509.NewCertPool()
		pool.AddCert(trust)
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}
		defer transport.CloseIdleConnections()
		res, err := (&http.Client{Transport: transport}).Get(address + "/en/sign-in")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if res.ProtoMajor != 2 || res.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("HTTP/%d, %v", res.ProtoMajor, res.Header)
		}
		return res.TLS.PeerCertificates[0].SerialNumber.Int64()
	}
	if got := serial(first); got != 1 {
		t.Errorf("serves certificate %d", got)
	}
	second := certificate(t, cert, key, 2)
	if got := serial(second); got != 2 {
		t.Errorf("after its renewal, serves certificate %d", got)
	}
	if err := os.WriteFile(cert, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := serial(second); got != 2 {
		t.Errorf("in the middle of a renewal, serves certificate %d", got)
	}
}

// certificate writes a new one for this machine.
func certificate(t *testing.T, certFile, keyFile string, serial int64) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return made
}
