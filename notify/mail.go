package notify

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// mailTimeout bounds the connection to the mail server and each answer of it.
const mailTimeout = 15 * time.Second

// MailOptions describe the account that mails are sent from.
type MailOptions struct {
	// Server is smtps://HOST[:465], TLS from the first byte, or smtp://HOST[:587], which must change to TLS by STARTTLS, or
	// smtp+plain://HOST[:25], which stays without TLS and takes no password. On loopback, smtp:// changes to TLS where that is
	// offered, whatever the certificate.
	Server string
	// From is the sender, such as klar@example.org or Klar <klar@example.org>.
	From string
	// Username and Password sign in; both empty: nobody does.
	Username, Password string
	// Roots are the certificate authorities that are believed; nil: those of the system.
	Roots *x509.CertPool
}

// Mail is an account that mails are sent from.
type Mail struct {
	host, domain string
	from         *mail.Address
	options      []gomail.Option
	secure       *tls.Config // TLS from the first byte; nil: not, or by STARTTLS
	dial         func(ctx context.Context, network, address string) (net.Conn, error)
}

// NewMail checks the options. It connects to nobody. Its errors never show the password.
func NewMail(o MailOptions) (*Mail, error) {
	from, err := mail.ParseAddress(o.From)
	if err != nil {
		return nil, errors.New("the sender is no mail address such as klar@example.org")
	}
	u, err := url.Parse(o.Server)
	if err != nil || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, errors.New("the server is no URL such as smtps://mail.example.org or smtp://mail.example.org:587, without a name or password in it")
	}
	m := &Mail{host: u.Hostname(), from: from, domain: from.Address[strings.LastIndexByte(from.Address, '@')+1:], dial: new(net.Dialer).DialContext}
	config := &tls.Config{ServerName: m.host, MinVersion: tls.VersionTLS12, RootCAs: o.Roots}
	port, policy, secure := 0, gomail.NoTLS, true
	switch u.Scheme {
	case "smtps":
		port, m.secure, m.options = 465, config, append(m.options, gomail.WithSSL())
	case "smtp":
		port, policy = 587, gomail.TLSMandatory
		if loopback(m.host) { // what nobody else can hear may go without TLS, so a certificate of the machine's own will do
			policy, config.InsecureSkipVerify = gomail.TLSOpportunistic, true
		}
	case "smtp+plain":
		port, secure = 25, loopback(m.host)
	default:
		return nil, fmt.Errorf("%q is neither smtps, smtp nor smtp+plain", u.Scheme)
	}
	if u.Port() != "" {
		port, _ = strconv.Atoi(u.Port()) // digits, as url.Parse has checked
	}
	if (o.Username == "") != (o.Password == "") {
		return nil, errors.New("a user name and a password go together")
	}
	if o.Username != "" {
		if !secure {
			return nil, errors.New("a password is not sent without TLS: use smtps:// or smtp://")
		}
		kind := gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin)
		if policy != gomail.TLSMandatory && m.secure == nil {
			kind = gomail.WithSMTPAuth(gomail.SMTPAuthPlainNoEnc) // on loopback
		}
		m.options = append(m.options, kind, gomail.WithUsername(o.Username), gomail.WithPassword(o.Password))
	}
	m.options = append(m.options, gomail.WithPort(port), gomail.WithTLSPolicy(policy), gomail.WithTimeout(mailTimeout), gomail.WithTLSConfig(config))
	if _, err := gomail.NewClient(m.host, m.options...); err != nil {
		return nil, fmt.Errorf("the server cannot be used: %w", err)
	}
	return m, nil
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// CheckAddress tells whether mails can be sent to an address, which stands alone, without a name before it.
func CheckAddress(address string) error {
	a, err := mail.ParseAddress(address)
	if err != nil || a.Address != address || a.Name != "" {
		return errors.New("is no mail address such as ada@example.org")
	}
	return nil
}

// To returns the receiver behind an address that CheckAddress accepts. Each gets mails of its own, so that receivers do
// not learn of each other.
func (m *Mail) To(address string) Receiver {
	sum := sha256.Sum256([]byte(strings.ToLower(address)))
	return Receiver{key: "mail-" + hex.EncodeToString(sum[:8]), kind: ByMail, deliver: func(ctx context.Context, msg Message) error {
		return m.send(ctx, address, msg)
	}}
}

// send sends one mail over a connection of its own.
func (m *Mail) send(ctx context.Context, address string, msg Message) error {
	letter, err := m.letter(address, msg)
	if err != nil {
		return err
	}
	var options []gomail.Option
	if ascii(m.from.Address + address) { // RFC 6531, 3.4: who asks for SMTPUTF8 has it refused where the next server has none
		options = append(options, gomail.WithoutSMTPUTF8())
	}
	err = m.connected(ctx, func(c *gomail.Client) error { return c.Send(letter) }, options...)
	if letter.IsDelivered() { // whatever was amiss when the server said goodbye
		return nil
	}
	return err
}

// connected does something with a connection that is signed in. It is closed afterwards, and when ctx ends; the library
// leaves it open when signing in fails.
func (m *Mail) connected(ctx context.Context, do func(*gomail.Client) error, more ...gomail.Option) error {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := m.dial(ctx, network, address)
		if err == nil && m.secure != nil {
			secured := tls.Client(conn, m.secure)
			if err = secured.HandshakeContext(ctx); err != nil {
				return nil, errors.Join(err, conn.Close())
			}
			conn = secured
		}
		return conn, err
	}
	done := make(chan struct{})
	defer close(done)
	client, err := gomail.NewClient(m.host, slices.Concat(m.options, more, []gomail.Option{
		gomail.WithDialContextFunc(func(short context.Context, network, address string) (net.Conn, error) {
			conn, err := dial(short, network, address)
			if err == nil {
				go closeAfter(conn, done, ctx.Done())
			}
			return conn, err
		}),
	})...)
	if err != nil {
		return errors.New("the mail server cannot be used as configured")
	}
	if err := client.DialWithContext(ctx); err != nil {
		return mailError(err)
	}
	if err := do(client); err != nil {
		return mailError(err)
	}
	_ = client.Close() // says goodbye; all that matters is done
	return nil
}

// closeAfter closes a connection, which may be closed already, as soon as one of two channels is closed.
func closeAfter(conn net.Conn, one, other <-chan struct{}) {
	select {
	case <-one:
	case <-other:
	}
	_ = conn.Close()
}

// Try connects and signs in, and sends nothing. Its errors are as those of [Receiver.Deliver].
func (m *Mail) Try(ctx context.Context) error {
	return m.connected(ctx, func(*gomail.Client) error { return nil })
}

// letter makes the mail of a message.
func (m *Mail) letter(address string, msg Message) (*gomail.Msg, error) {
	letter := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	letter.FromMailAddress(m.from)
	if err := letter.To(address); err != nil {
		return nil, fmt.Errorf("%w: the receiver's address cannot be used", ErrRefused)
	}
	letter.Subject(strings.Join(strings.Fields(msg.Title), " "))
	letter.SetDateWithValue(msg.Time)
	id := sha256.Sum256([]byte(msg.ID + "\x00" + address))
	letter.SetMessageIDWithValue(hex.EncodeToString(id[:16]) + "@" + m.domain) // the same when it is sent again
	letter.SetGenHeader("Auto-Submitted", "auto-generated")
	letter.SetGenHeader("X-Auto-Response-Suppress", "All")
	text := msg.Text
	if msg.Link != "" {
		text = strings.TrimRight(text, "\n") + "\n\n" + msg.Link + "\n"
	}
	if msg.Footer != "" {
		text = strings.TrimRight(text, "\n") + "\n\n" + msg.Footer + "\n"
	}
	letter.SetBodyString(gomail.TypeTextPlain, text)
	if msg.HTML != "" {
		letter.AddAlternativeString(gomail.TypeTextHTML, msg.HTML)
	}
	return letter, nil
}

// mailError says what went wrong without the server's words, which repeat addresses.
func mailError(err error) error {
	var (
		sending *gomail.SendError
		answer  *textproto.Error
		network *net.OpError
		name    *net.DNSError
		verify  *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &sending):
		code := sending.ErrorCode()
		if code >= 500 && sending.Reason != gomail.ErrSMTPMailFrom { // a sender is refused until somebody mends the configuration
			return fmt.Errorf("%w: the mail server answers %d to %s", ErrRefused, code, stage(sending.Reason))
		}
		if code > 0 {
			return fmt.Errorf("the mail server answers %d to %s", code, stage(sending.Reason))
		}
		return errors.New("the connection to the mail server broke while " + sending.Reason.String())
	case errors.As(err, &answer):
		return fmt.Errorf("the mail server answers %d before the message, as it does to a wrong user name or password", answer.Code)
	case errors.As(err, &verify):
		return errors.New("the mail server's certificate is not good for its name, or not signed by a known authority")
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return errors.New("the mail server does not answer in time")
	case errors.As(err, &name):
		return errors.New("the mail server's name is not known")
	case errors.As(err, &network):
		return errors.New("the mail server cannot be reached: " + network.Err.Error())
	case strings.Contains(err.Error(), "STARTTLS"):
		return errors.New("the mail server does not offer STARTTLS: use smtps://, or smtp+plain:// without a password")
	case strings.Contains(err.Error(), "AUTH"):
		return errors.New("the mail server offers no way to sign in that Klar knows")
	}
	return errors.New("the mail server does not behave as one")
}

// stage names the part of the delivery that a server did not like.
func stage(r gomail.SendErrReason) string {
	switch r {
	case gomail.ErrSMTPMailFrom:
		return "the sender"
	case gomail.ErrSMTPRcptTo:
		return "the receiver"
	}
	return "the message"
}
