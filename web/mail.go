package web

import (
	"context"
	"fmt"
	"net"
	"strconv"

	"github.com/wneessen/go-mail"
)

// SMTP sends mail through the council's server. TLS is required unless the
// server is on this machine.
type SMTP struct {
	Server         string // host:port
	User, Password string
	From           string // an address
}

// Send sends one letter in plain text.
func (m SMTP) Send(ctx context.Context, to, name, subject, body string) error {
	host, text, err := net.SplitHostPort(m.Server)
	if err != nil {
		return fmt.Errorf("the mail server is named host:port; found %q", m.Server)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return fmt.Errorf("the mail server's port is a number; found %q", text)
	}
	letter := mail.NewMsg()
	if err := letter.FromFormat("Braid", m.From); err != nil {
		return err
	}
	if err := letter.AddToFormat(name, to); err != nil {
		return err
	}
	letter.Subject(subject)
	letter.SetDate()
	letter.SetMessageID()
	letter.SetGenHeader("Auto-Submitted", "auto-generated")
	letter.SetBodyString(mail.TypeTextPlain, body)
	opts := []mail.Option{mail.WithPort(port), mail.WithTLSPolicy(mail.TLSMandatory)}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		opts = append(opts, mail.WithTLSPolicy(mail.TLSOpportunistic))
	}
	if m.User != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.User), mail.WithPassword(m.Password))
	}
	c, err := mail.NewClient(host, opts...)
	if err != nil {
		return err
	}
	return c.DialAndSendWithContext(ctx, letter)
}
