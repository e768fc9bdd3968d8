package main

import (
	"fmt"
	"log/slog"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// The environment that tells of sockets: systemd's, which counts them from 3 on (sd_listen_fds(3)), and klar's own.
const (
	listenPID, listenFDs, listenNames = "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"
	firstFD                           = 3
	// ownSockets has "NETWORK ADDRESS=FD" for each socket, separated by semicolons.
	ownSockets = "KLAR_SOCKETS"
)

// sockets are those that klar serve listens with: they come from systemd, or from the klar that ran before in this
// process, or are new. It keeps a second descriptor of each, so that it stays open, and connections queue in it, while the
// first one is closed and no klar runs. It is safe for concurrent use.
type sockets struct {
	mu        sync.Mutex
	inherited []socket
	kept      []*socket
	handing   bool // sockets that are closed are kept for the next klar
}

// socket is one that was inherited, or is used.
type socket struct {
	name string // network and address as they are configured, or the name that systemd gives
	file *os.File
}

// inheritSockets takes the sockets that the environment tells of, and takes them out of the environment.
func inheritSockets() (*sockets, error) {
	s := &sockets{}
	defer func() {
		for _, name := range []string{listenPID, listenFDs, listenNames, ownSockets} {
			_ = os.Unsetenv(name)
		}
	}()
	if os.Getenv(listenPID) == strconv.Itoa(os.Getpid()) {
		n, err := strconv.Atoi(os.Getenv(listenFDs))
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%s=%q is not a number of sockets", listenFDs, os.Getenv(listenFDs))
		}
		names := strings.Split(os.Getenv(listenNames), ":")
		for i := range n {
			name := ""
			if i < len(names) {
				name = names[i]
			}
			s.inherit(name, firstFD+i)
		}
	}
	for _, one := range strings.FieldsFunc(os.Getenv(ownSockets), func(r rune) bool { return r == ';' }) {
		i := strings.LastIndexByte(one, '=')
		fd, err := strconv.Atoi(one[i+1:])
		if i < 0 || err != nil {
			return nil, fmt.Errorf("%s is not what klar writes there", ownSockets)
		}
		s.inherit(one[:i], fd)
	}
	return s, nil
}

func (s *sockets) inherit(name string, fd int) {
	unix.CloseOnExec(fd)
	s.inherited = append(s.inherited, socket{name, os.NewFile(uintptr(fd), name)})
}

// take returns the inherited socket for an address: the one of that name, or one that is bound to it.
func (s *sockets) take(name, network, address string) *os.File {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.inherited, func(one socket) bool { return one.name == name })
	if i < 0 {
		i = slices.IndexFunc(s.inherited, func(one socket) bool { return boundTo(one.file, network, address) })
	}
	if i < 0 {
		return nil
	}
	file := s.inherited[i].file
	s.inherited = slices.Delete(s.inherited, i, i+1)
	return file
}

// boundTo reports whether a socket is of a network, tcp or udp, and bound to an address.
func boundTo(file *os.File, network, address string) bool {
	var at net.Addr
	switch network {
	case "tcp":
		if l, err := net.FileListener(file); err == nil {
			at = l.Addr()
			_ = l.Close()
		}
	case "udp":
		if c, err := net.FilePacketConn(file); err == nil {
			at = c.LocalAddr()
			_ = c.Close()
		}
	}
	if at == nil || at.Network() != network {
		return false
	}
	have, haveErr := net.ResolveTCPAddr("tcp", at.String())
	want, wantErr := net.ResolveTCPAddr("tcp", address)
	if haveErr != nil || wantErr != nil || have.Port != want.Port {
		return false
	}
	return have.IP.Equal(want.IP) || (len(want.IP) == 0 || want.IP.IsUnspecified()) && have.IP.IsUnspecified()
}

// Listen listens for streams, as net.Listen does.
func (s *sockets) Listen(network, address string) (net.Listener, error) {
	return s.listen(network+" "+address, network, address)
}

// ListenHTTP listens for the one server of HTTP. systemd may name its socket http.
func (s *sockets) ListenHTTP(address string) (net.Listener, error) {
	return s.listen("http", "tcp", address)
}

func (s *sockets) listen(name, network, address string) (net.Listener, error) {
	file := s.take(name, network, address)
	if file == nil {
		l, err := net.Listen(network, address)
		if err != nil {
			return nil, err
		}
		tcp, ok := l.(*net.TCPListener)
		if !ok { // the file of a unix socket goes with it
			return l, nil
		}
		if file, err = tcp.File(); err != nil {
			_ = l.Close()
			return nil, err
		}
		return &keptListener{l, s.keep(name, file)}, nil
	}
	l, err := net.FileListener(file)
	if err != nil {
		return nil, fmt.Errorf("the inherited socket %s cannot be listened on: %w", name, err)
	}
	return &keptListener{l, s.keep(name, file)}, nil
}

// ListenPacket listens for datagrams, as net.ListenPacket does.
func (s *sockets) ListenPacket(network, address string) (net.PacketConn, error) {
	name := network + " " + address
	file := s.take(name, network, address)
	var conn net.PacketConn
	var err error
	if file == nil {
		conn, err = net.ListenPacket(network, address)
	} else {
		conn, err = net.FilePacketConn(file)
	}
	if err != nil {
		return nil, err
	}
	udp, ok := conn.(*net.UDPConn)
	if !ok { // the file of a unix socket goes with it
		return conn, nil
	}
	if file == nil {
		if file, err = udp.File(); err != nil {
			_ = conn.Close()
			return nil, err
		}
	}
	return &keptPackets{udp, s.keep(name, file)}, nil
}

// keep notes a socket in use, and returns what is to be called when it is closed.
func (s *sockets) keep(name string, file *os.File) func() {
	one := &socket{name, file}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(s.kept, one)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if i := slices.Index(s.kept, one); i >= 0 && !s.handing {
			s.kept = slices.Delete(s.kept, i, i+1)
			_ = file.Close()
		}
	}
}

// dropRest closes what was inherited and nobody asked for.
func (s *sockets) dropRest(log *slog.Logger) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.inherited {
		log.Warn("an inherited socket that nothing of the configuration listens on is closed", "socket", one.name)
		_ = one.file.Close()
	}
	s.inherited = nil
}

// handOn makes all sockets in use outlive their closing.
func (s *sockets) handOn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handing = true
}

// environment makes the sockets outlive the program, and returns what tells the next one of them.
func (s *sockets) environment() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, one := range s.kept {
		conn, err := one.file.SyscallConn() // not Fd, which would let Accept block
		if err != nil {
			return "", err
		}
		err = conn.Control(func(fd uintptr) {
			_, _ = unix.FcntlInt(fd, unix.F_SETFD, 0)
			all = append(all, fmt.Sprintf("%s=%d", one.name, fd))
		})
		if err != nil {
			return "", err
		}
	}
	return ownSockets + "=" + strings.Join(all, ";"), nil
}

// keptListener and keptPackets tell when they are closed.
type keptListener struct {
	net.Listener
	closed func()
}

// Close closes the listener.
func (l *keptListener) Close() error {
	l.closed()
	return l.Listener.Close()
}

type keptPackets struct {
	*net.UDPConn
	closed func()
}

// Close closes the socket.
func (c *keptPackets) Close() error {
	c.closed()
	return c.UDPConn.Close()
}
