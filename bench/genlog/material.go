package genlog

import (
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// material is what the year's lines are made of, taken from the real log.
type material struct {
	networks [][2]byte // the first halves of addresses, as often as lines came from them
	pages    []page    // the most visited first
	drawn    []uint16  // numbers of pages, each as often as it is visited
	people   []agents  // as often as they asked
	bots     []agents
	external []string // referrers that are other sites, as often as they sent somebody
}

// page is a page of the site with what a browser fetches for it, and where its links lead.
type page struct {
	path   string
	size   int
	assets []asset
	links  [6]uint16
}

type asset struct {
	path string
	size int
}

// agents are an agent's builds, one for each month of the year.
type agents [12]string

const (
	sections = 9 // the site has each real page so many times
	slots    = 1 << 17
	host     = "https://www.example.org"
)

var (
	behindPath = regexp.MustCompile(`^ [^"]*" (\d+) (\S+) "([^"]*)" "([^"]*)"?$`)
	files      = regexp.MustCompile(`\.[A-Za-z0-9]{1,5}$`)
	machine    = regexp.MustCompile(`(?i)bot|crawl|spider|slurp|https?:|@|feed|rss|^-$`)
	browser    = regexp.MustCompile(`^(Mozilla/5\.0 \((Win|Mac|X11|iP|Linux)|Opera/)`)
)

// newMaterial sorts the lines of the real log.
func newMaterial(lines []logLine, rnd *rand.Rand) *material {
	m := &material{}
	sizes, assets := map[string]int{}, map[string]int{}
	for _, l := range lines {
		p := behindPath.FindStringSubmatch(l.behind)
		if p == nil {
			continue
		}
		m.networks = append(m.networks, [2]byte{l.host[0], l.host[1]})
		size, _ := strconv.Atoi(p[2])
		path, _, _ := strings.Cut(l.path, "?")
		switch {
		case p[1] != "200":
		case files.MatchString(path):
			assets[path] = size
		default:
			sizes[path] = size
		}
		if ref := p[3]; strings.HasPrefix(ref, "http") && !strings.Contains(ref, "semicomplete.com") {
			m.external = append(m.external, ref)
		}
		switch agent := p[4]; {
		case machine.MatchString(agent):
			m.bots = append(m.bots, builds(agent))
		case browser.MatchString(agent):
			m.people = append(m.people, builds(agent))
		}
	}
	m.build(sizes, assets, rnd)
	return m
}

// build makes the pages. How often each is visited falls with its rank, as on most sites (Zipf).
func (m *material) build(sizes, files map[string]int, rnd *rand.Rand) {
	var assets []asset
	for _, path := range sorted(files) {
		assets = append(assets, asset{path, files[path]})
	}
	for section := range sections {
		for _, path := range sorted(sizes) {
			p := page{path: path, size: sizes[path]}
			if section > 0 {
				p.path = "/section-" + strconv.Itoa(section) + path
			}
			for range 1 + rnd.IntN(5) {
				p.assets = append(p.assets, assets[rnd.IntN(len(assets))])
			}
			m.pages = append(m.pages, p)
		}
	}
	rnd.Shuffle(len(m.pages), func(i, j int) { m.pages[i], m.pages[j] = m.pages[j], m.pages[i] })
	var all float64
	for i := range m.pages {
		all += math.Pow(float64(i+1), -0.95)
	}
	var below float64
	for i := range m.pages {
		below += math.Pow(float64(i+1), -0.95)
		for len(m.drawn) < int(below/all*slots) {
			m.drawn = append(m.drawn, uint16(i))
		}
	}
	for i := range m.pages {
		for k := range m.pages[i].links {
			m.pages[i].links[k] = m.drawn[rnd.IntN(len(m.drawn))]
		}
	}
}

func sorted(m map[string]int) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// builds counts an agent's versions up from month to month.
func builds(agent string) agents {
	var all agents
	for month := range all {
		all[month] = agentVersion.ReplaceAllStringFunc(agent, func(v string) string {
			p := agentVersion.FindStringSubmatch(v)
			n, _ := strconv.Atoi(p[3])
			return p[1] + p[2] + strconv.Itoa(n+month/2) + "." + p[4]
		})
	}
	return all
}
