// Package referrer says where a visit came from: source, channel, referring page and campaign, from the referrer and the
// campaign parameters of the target. The names of search engines, networks and assistants stand in its tables.
package referrer

import (
	"hash/maphash"
	"math/bits"

	"github.com/klar-analytics/klar/anonymize/memo"
	"github.com/klar-analytics/klar/hit"
)

const (
	// entries is how many answers are remembered, in about 6 MB.
	entries = 1 << 15
	// maxReferrer is how many bytes of a referrer are looked at; a longer one is no referrer.
	maxReferrer = 4096
)

// Scrubber takes personal data out of paths and texts. Its contract is that of package scrub.
type Scrubber interface {
	// Path returns the path of a target without query and personal data.
	Path(target []byte) hit.Path
	// Text returns a short text, and false if it holds personal data.
	Text(b []byte) (string, bool)
}

// Options say how arrivals are resolved.
type Options struct {
	// Scrub is asked for every path and text that is kept.
	Scrub Scrubber
	// Query names the parameters that may be read, all of [Parameters] if nil.
	Query []string
}

// Resolver resolves arrivals. It remembers a bounded number of answers by the keyed hash of what it was asked, never the
// question itself. It is safe for concurrent use.
type Resolver struct {
	scrub   Scrubber
	allowed [parameters]bool
	seed    maphash.Seed
	cache   memo.Cache[answer]
	names   *table
}

// answer is what is remembered of one referrer and one set of parameters, for all sites.
type answer struct {
	arrival hit.Arrival
	host    hit.Host // of the referrer, without www
	// What the arrival is if the referrer turns out to be the site's own.
	ownSource  hit.Source
	ownChannel hit.Channel
}

// New returns a resolver. It fails if the options name a parameter that is none of [Parameters].
func New(o Options) (*Resolver, error) {
	allowed, err := allow(o.Query)
	if err != nil {
		return nil, err
	}
	return &Resolver{
		scrub:   o.Scrub,
		allowed: allowed,
		seed:    maphash.MakeSeed(),
		cache:   memo.New[answer](entries),
		names:   newTable(),
	}, nil
}

// Resolve returns how a visit begins that comes from the referrer to a target with the query, without its entry page.
// If the referrer is one of the site's own hosts, internal is true, and the arrival holds only what the query says.
// A referrer that cannot be understood, or that is an address, counts as none.
func (r *Resolver) Resolve(referrer, query []byte, own Hosts) (arrival hit.Arrival, internal bool) {
	if len(referrer) > maxReferrer || len(referrer) == 1 && referrer[0] == '-' {
		referrer = nil
	}
	q := r.read(query)
	if len(referrer) == 0 && q.empty() {
		return hit.Arrival{}, false
	}
	key := r.key(referrer, &q)
	a, ok := r.cache.Get(key)
	if !ok {
		a = r.resolve(referrer, &q)
		r.cache.Put(key, a)
	}
	if a.host.IsZero() || !own.has(a.host) {
		return a.arrival, false
	}
	a.arrival.Source, a.arrival.Channel, a.arrival.Referrer = a.ownSource, a.ownChannel, hit.Referrer{}
	return a.arrival, true
}

func (r *Resolver) key(referrer []byte, q *query) uint64 {
	const odd = 0x9E3779B97F4A7C15
	key := maphash.Bytes(r.seed, referrer) + uint64(q.clicks)*odd
	for i, v := range q.values {
		if len(v) > 0 {
			key = bits.RotateLeft64(key^maphash.Bytes(r.seed, v)+uint64(i+1), 23) * odd
		}
	}
	return key ^ key>>32
}

// resolve does the work of [Resolver.Resolve] for a question that was not asked before.
func (r *Resolver) resolve(referrer []byte, q *query) answer {
	page := parse(referrer)
	tags := r.tags(q)
	site := r.names.host(page.name)
	a := answer{
		host: page.host,
		arrival: hit.Arrival{
			Referrer:    page.referrer(r.scrub, site.hostOnly(page.name)),
			UTMSource:   hit.NewCampaign(tags[utmSource]),
			UTMMedium:   hit.NewCampaign(tags[utmMedium]),
			UTMCampaign: hit.NewCampaign(tags[utmCampaign]),
			UTMContent:  hit.NewCampaign(tags[utmContent]),
			UTMTerm:     hit.NewCampaign(tags[utmTerm]),
		},
	}
	tagged := r.names.tagged(&tags, q.clicks)
	from := tagged
	if from.name == "" || from.guessed && page.name != "" {
		from = site
	}
	a.arrival.Source = hit.NewSource(from.name)
	a.arrival.Channel = channelOf(from, tags[utmMedium], tags[utmCampaign], q.clicks)
	a.ownSource = hit.NewSource(tagged.name)
	a.ownChannel = channelOf(tagged, tags[utmMedium], tags[utmCampaign], q.clicks)
	return a
}

// tags decodes the parameters; what holds personal data or is no text becomes empty.
func (r *Resolver) tags(q *query) (tags [parameters]string) {
	for i, v := range q.values {
		if len(v) > 0 {
			tags[i], _ = r.scrub.Text(unescape(v))
		}
	}
	return tags
}
