package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"github.com/klar-analytics/klar/dashboards/account"
)

// userFlags are the flags of klar user.
type userFlags struct {
	role  string
	sites []string
}

func userCommand() command {
	return command{
		name: "user", args: "add|role|password|remove NAME, list, hash", short: "who may sign in to the dashboard",
		long: `Adds, changes, removes and lists the users of the dashboard, also while serve runs on the same data directory, which
notices it at once. Passwords are asked for, or read as a line of the standard input. Without --role, the first user is
owner of all sites, and others are viewers. The users of the configuration file are listed, but changed only there;
'klar user hash' prints the hash of a password for it.

  klar user add ada
  klar user add bob --role editor --site example.org --site example.net
  klar user role bob --role viewer
  klar user password bob
  klar user remove bob
  klar user list`,
		setup: func(c *call) func(context.Context) error {
			var f userFlags
			c.flags.StringVar(&f.role, "role", "", "`ROLE`: viewer, editor or owner")
			c.flags.Func("site", "`ID` of a site that the role is for; may be repeated (default: all sites)", func(id string) error {
				f.sites = append(f.sites, id)
				return nil
			})
			return func(context.Context) error { return c.user(f) }
		},
	}
}

func (c *call) user(f userFlags) error {
	what, names := "", []string(nil)
	if len(c.args) > 0 {
		what, names = c.args[0], c.args[1:]
	}
	wanted := map[string]int{"add": 1, "role": 1, "password": 1, "remove": 1, "list": 0, "hash": 0}
	if n, known := wanted[what]; !known || len(names) != n {
		return errors.New("user: say one of add NAME, role NAME, password NAME, remove NAME, list and hash; see 'klar help user'")
	}
	if (f.role != "" || len(f.sites) > 0) && what != "add" && what != "role" {
		return errors.New("user: --role and --site go with add and role")
	}
	if what == "hash" {
		return c.printHash()
	}
	accounts, err := account.Open(c.config.Data, time.Now)
	if err != nil {
		return err
	}
	accounts.Fix(c.config.users)
	if what == "list" {
		return c.listUsers(accounts)
	}
	name := strings.ToLower(names[0])
	action, err := map[string]func(*account.Store, string, userFlags) (string, error){
		"add": c.addUser, "role": c.setRole, "password": c.setPassword, "remove": removeUser,
	}[what](accounts, name, f)
	if err != nil {
		if errors.Is(err, account.ErrUnknown) {
			err = fmt.Errorf("there is no user %q; 'klar user list' lists them", name)
		}
		return fmt.Errorf("user: %w", err)
	}
	if err := accounts.Note(account.CommandLine, action, "", name); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.stdout, "%s %s\n", name, happened[action])
	return err
}

// happened says what became of a user, by what the audit log calls it.
var happened = map[string]string{
	"users.add": "can sign in", "users.change": "has another role", "users.remove": "is removed",
	"password.change": "has another password, and was signed out everywhere",
}

func (c *call) addUser(accounts *account.Store, name string, f userFlags) (string, error) {
	if f.role == "" {
		users, err := accounts.Users()
		if err != nil {
			return "", err
		}
		f.role = account.Viewer.String()
		if len(users) == 0 && len(f.sites) == 0 {
			f.role = account.Owner.String()
		}
	}
	rights, err := f.rights()
	if err != nil {
		return "", err
	}
	password, err := c.readPassword()
	if err != nil {
		return "", err
	}
	return "users.add", accounts.AddUser(name, password, rights)
}

func (c *call) setRole(accounts *account.Store, name string, f userFlags) (string, error) {
	if f.role == "" {
		return "", errors.New("say which with --role")
	}
	rights, err := f.rights()
	if err != nil {
		return "", err
	}
	return "users.change", accounts.SetRights(name, rights)
}

func (c *call) setPassword(accounts *account.Store, name string, _ userFlags) (string, error) {
	password, err := c.readPassword()
	if err != nil {
		return "", err
	}
	return "password.change", accounts.SetPassword(name, password)
}

func removeUser(accounts *account.Store, name string, _ userFlags) (string, error) {
	return "users.remove", accounts.RemoveUser(name)
}

// rights are those that the flags say.
func (f userFlags) rights() (account.Rights, error) {
	role, err := account.ParseRole(f.role)
	if err != nil || len(f.sites) == 0 {
		return account.Rights{All: role}, err
	}
	rights := account.Rights{Sites: map[string]account.Role{}}
	for _, site := range f.sites {
		rights.Sites[site] = role
	}
	return rights, nil
}

func (c *call) listUsers(accounts *account.Store) error {
	users, err := accounts.Users()
	if err != nil {
		return err
	}
	if len(users) == 0 {
		_, err := fmt.Fprintln(c.stdout, "nobody: whoever asks from this machine may do everything; 'klar user add NAME' adds the first owner")
		return err
	}
	table := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tALL SITES\tSINGLE SITES\tFROM")
	for _, u := range users {
		var single []string
		for site, role := range u.Sites {
			single = append(single, site+": "+role.String())
		}
		slices.Sort(single)
		all, from := "-", "klar user"
		if u.All > account.Everybody {
			all = u.All.String()
		}
		if u.Fixed {
			from = "configuration"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", u.Name, all, strings.Join(append(single, "-")[:max(len(single), 1)], ", "), from)
	}
	return table.Flush()
}

func (c *call) printHash() error {
	password, err := c.readPassword()
	if err != nil {
		return err
	}
	hash, err := account.Hash(password)
	if err != nil {
		return fmt.Errorf("user: %w", err)
	}
	_, err = fmt.Fprintln(c.stdout, hash)
	return err
}

// readPassword asks for a password twice at a terminal, which does not show it, and else reads a line.
func (c *call) readPassword() (string, error) {
	terminal, ok := c.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		line, err := bufio.NewReader(io.LimitReader(c.stdin, 4096)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("user: the password cannot be read: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	var given [2]string
	for i, prompt := range []string{"Password: ", "Again: "} {
		fmt.Fprint(c.stderr, prompt)
		text, err := term.ReadPassword(int(terminal.Fd()))
		fmt.Fprintln(c.stderr)
		if err != nil {
			return "", fmt.Errorf("user: the password cannot be read: %w", err)
		}
		given[i] = string(text)
	}
	if given[0] != given[1] {
		return "", errors.New("user: the two are not the same")
	}
	return given[0], nil
}
