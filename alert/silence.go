package alert

import (
	"errors"
	"net/netip"
	"path"
	"strings"
	"time"

	"github.com/klar-analytics/klar/report"
)

// Silence keeps alerts from being told until a time. They are shown as silenced. What is empty fits all.
type Silence struct {
	// Rule is the name of a rule, or a pattern with * such as klar/http-*.
	Rule string
	Site string
	// Net fits the networks within it, and those that it is within.
	Net netip.Prefix
	// Until is when the silence ends; zero: never.
	Until time.Time
}

// Check returns why the silence cannot be one.
func (s Silence) Check() error {
	if _, err := path.Match(s.Rule, ""); err != nil {
		return errors.New("rule: is no pattern such as klar/http-*")
	}
	if s.Rule == "" && s.Site == "" && !s.Net.IsValid() {
		return errors.New("names neither rule nor site nor net: it would silence everything")
	}
	return nil
}

// fits reports whether the silence keeps an alert from being told.
func (s Silence) fits(a *report.Alert, now time.Time) bool {
	if !s.Until.IsZero() && !now.Before(s.Until) || s.Site != "" && s.Site != a.Site {
		return false
	}
	// Slashes are part of a name: * fits them, too.
	if ok, _ := path.Match(strings.ReplaceAll(s.Rule, "/", "."), strings.ReplaceAll(a.Rule, "/", ".")); s.Rule != "" && !ok {
		return false
	}
	if !s.Net.IsValid() {
		return true
	}
	net, err := netip.ParsePrefix(a.Net)
	return err == nil && s.Net.Overlaps(net)
}

// silenced reports whether one of the silences keeps an alert from being told. The lock is held.
func (b *Board) silenced(a *report.Alert, now time.Time) bool {
	for _, s := range b.silence {
		if s.fits(a, now) {
			return true
		}
	}
	return false
}
