package attack

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/dchest/siphash"

	"github.com/klar-analytics/klar/hit"
)

var (
	logFile = flag.String("log", "../../../shared/data/logs/apache-combined-10k.log", "the log, in the combined format")
	report  = flag.Bool("report", false, "print the tables of docs/attacks.md")
)

// ways are how the tables have the log come in.
var ways = []struct {
	name string
	way
}{{"Klar, imported at once", way{}}, {"Klar, line by line", way{batch: 1}}}

// TestReport prints the tables. It fails for nothing: TestGoals does.
func TestReport(t *testing.T) {
	if !*report {
		t.Skip("prints tables only, with -report")
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 1, ' ', 0)
	var logs []*truth
	for _, drawn := range []bool{true, false} {
		logs = nil
		for _, as := range ways {
			as.drawn = drawn
			logs = append(logs, watch(t, *logFile, as.way))
		}
		if fmt.Fprintf(w, "%v\n", logs[0]); drawn {
			fmt.Fprintln(w, "told by beacons with all attributes, events and properties, drawn")
		}
		fmt.Fprintln(w)
		peopleTable(w, logs)
		visitsTable(w, logs)
	}
	crowdTable(t, w)
	coarserTable(w, logs[0])
	hashes(w)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
}

// row writes a row of a table, in columns that line up.
func row(w io.Writer, cells ...any) {
	for _, c := range cells {
		switch c := c.(type) {
		case rate:
			if c.all == 0 {
				fmt.Fprint(w, "|\tnone\t")
				continue
			}
			fmt.Fprintf(w, "|\t%.1f %%\t", c.percent())
		default:
			fmt.Fprintf(w, "|\t%v\t", c)
		}
	}
	fmt.Fprintln(w, "|")
}

func header(w io.Writer, cells ...any) {
	row(w, cells...)
	for i := range cells {
		cells[i] = "---"
	}
	row(w, cells...)
}

func peopleTable(w io.Writer, logs []*truth) {
	header(w, "stored", "singled out", "on a day", "re-linked", "guessed", "of guesses right")
	line := func(name string, t *truth, attributes, lasting func(*view) string) {
		g := guessed(t, lasting)
		row(w, name, singledOut(t, attributes), singledOutByDay(t, attributes), relinked(t, lasting), g.found, g.right)
	}
	for _, s := range others {
		line(s.name, logs[0], s.attributes, s.lasting)
	}
	for i, t := range logs {
		line(ways[i].name, t, klar.attributes, klar.lasting)
		with := joined(t)
		line("… with counts joined", t, with, with)
		by := func(name string, lasting func(*view) string) {
			g := guessed(t, lasting)
			row(w, name, "", "", relinked(t, lasting), g.found, g.right)
		}
		by("… with entry page and source", behaved)
		if t.events != nil {
			by("… with goals and funnels", converted)
			line("Its events", ofEvents(t), event, event)
			with := propertied(ofEvents(t))
			line("… with properties", ofEvents(t), with, with)
		}
	}
	line(spooled.name, logs[0], spooled.attributes, spooled.lasting)
	fmt.Fprintln(w)
	row(w, "people with a value of counts that nobody else has", onlyOnes(logs[0]))
	fmt.Fprintln(w)
	header(w, "keep their", "provider", "region", "city")
	for i, t := range logs {
		row(w, ways[i].name,
			kept(t, func(v *view) (bool, bool) { return !v.place.Provider.IsZero(), !v.Visitor.Value().Provider.IsZero() }),
			kept(t, func(v *view) (bool, bool) { return !v.place.Region.IsZero(), !v.Visitor.Value().Region.IsZero() }),
			kept(t, func(v *view) (bool, bool) { return !v.place.City.IsZero(), !v.Visitor.Value().City.IsZero() }),
		)
	}
	fmt.Fprintln(w)
}

// kept returns of how many visitors and days that have something it is stored.
func kept(t *truth, of func(v *view) (has, stored bool)) (r rate) {
	for i := range t.views {
		if v := &t.views[i]; v.Marks.Has(hit.FirstToday) {
			has, stored := of(v)
			r.all += bit(has)
			r.of += bit(has && stored)
		}
	}
	return r
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// onlyOnes returns the share of people who have an attribute, alone in counts, that nobody else of the log has.
func onlyOnes(t *truth) rate {
	alone := map[int]bool{}
	for _, d := range dimensions(t) {
		who := holders{}
		for i := range t.views {
			a := t.views[i].Visitor.Value()
			who.add(d.of(&a), t.views[i].person)
		}
		for _, people := range who {
			for p := range people {
				alone[p] = alone[p] || len(people) == 1
			}
		}
	}
	n := 0
	for _, yes := range alone {
		if yes {
			n++
		}
	}
	return rate{n, t.people}
}

func visitsTable(w io.Writer, logs []*truth) {
	header(w, "stored", "visits put together", "of those right", "a stranger confirmed, too", "other pages read", "of those right")
	line := func(name string, t *truth, s scheme) {
		g, c := reconstructed(t, s), confirmed(t, s)
		row(w, name, g.found, g.right, c.stranger, c.pages.found, c.pages.right)
	}
	for _, s := range others {
		line(s.name, logs[0], s)
	}
	for i, t := range logs {
		line(ways[i].name, t, klar)
		if t.events != nil {
			line("… with goals and funnels", t, klarGoals)
		}
		line("… of the last two days", t, klarHours)
	}
	flows := byFlows(logs[0])
	row(w, "Klar, table flows alone", flows.found, flows.right, "", "", "")
	line(spooled.name, logs[0], spooled)
	fmt.Fprintln(w)
}

// crowdTable prints the curve over k.
func crowdTable(t testing.TB, w io.Writer) {
	header(w, "k", "comes in", "singled out", "counts joined", "among fewer than k", "re-linked", "keep country", "browser", "system", "all six")
	for _, k := range []int{3, 5, 10, 20} {
		for _, as := range ways {
			as.crowd = k
			from := watch(t, *logFile, as.way)
			keep := survives(from)
			row(w, k, strings.TrimPrefix(as.name, "Klar, "), singledOut(from, klar.attributes), singledOut(from, joined(from)),
				amongFew(from, klar.attributes, k), relinked(from, klar.lasting), keep[0], keep[1], keep[2], keep[3])
		}
	}
	fmt.Fprintln(w)
}

// survives returns the shares of visitors and days who keep country, browser, system, and all that is known of them.
func survives(t *truth) (shares [4]rate) {
	for n, same := range [...]func(full, have *hit.Visitor) bool{
		func(full, have *hit.Visitor) bool { return full.Country == have.Country },
		func(full, have *hit.Visitor) bool { return full.Browser == have.Browser },
		func(full, have *hit.Visitor) bool { return full.OS == have.OS },
		func(full, have *hit.Visitor) bool { full.Alone = hit.Alone{}; return *full == *have },
	} {
		shares[n] = kept(t, func(v *view) (bool, bool) {
			full, have := v.Visitor.Value(), v.Crowd.Value()
			return true, same(&full, &have)
		})
	}
	return shares
}

// coarserTable prints what would become of visits if table hits kept more or less.
func coarserTable(w io.Writer, t *truth) {
	with := func(s scheme, group func(a *hit.Arrival, v *view) string) scheme {
		s.group = func(v *view) string {
			a := v.Arrival.Value()
			return group(&a, v)
		}
		return s
	}
	entry := func(a *hit.Arrival, _ *view) string { return fmt.Sprint(a.Entry, a.Source, a.Channel, a.UTMCampaign) }
	source := func(a *hit.Arrival, v *view) string {
		return fmt.Sprint(a.Source, a.Channel, a.UTMCampaign, crowd(v))
	}
	header(w, "if hits had", "visits put together", "other pages read")
	for _, c := range []struct {
		name string
		scheme
	}{
		{"what it has", klar}, {"no attributes of visitors", with(klar, entry)}, {"no entry page", with(klar, source)},
		{"hours", klarHours}, {"hours, and no attributes", with(klarHours, entry)}, {"hours, and no entry page", with(klarHours, source)},
	} {
		row(w, c.name, reconstructed(t, c.scheme).found, confirmed(t, c.scheme).pages.found)
	}
	fmt.Fprintln(w)
}

// hashes prints how long it takes to try all IPv4 addresses against a salted hash that is stored with its salt, as
// Plausible's is for 48 hours.
func hashes(w io.Writer) {
	const tries = 1 << 22
	agent := []byte("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0example.orgexample.org")
	var sum uint64
	start := time.Now()
	for i := range uint32(tries) {
		agent[12], agent[13], agent[14], agent[15] = byte(i>>24), byte(i>>16), byte(i>>8), byte(i)
		sum ^= siphash.Hash(1, 2, agent)
	}
	took := time.Since(start)
	fmt.Fprintf(w, "all IPv4 addresses with one agent against a stored salt: %.0f minutes on one core (checksum %x)\n",
		took.Minutes()*(1<<32)/tries, sum&15)
}
