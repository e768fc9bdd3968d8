package referrer

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/klar-analytics/klar/hit"
)

// TestCoverage measures how many of the hosts in the public lists beside the repository Klar's own tables put into the
// right class. The lists hold many that are long gone; the floors are what was reached.
func TestCoverage(t *testing.T) {
	names := newTable()
	for _, c := range []struct {
		file   string
		floor  float64
		accept []class
	}{
		{"SearchEngines.yml", 0.55, []class{search, assistant}},
		{"Socials.yml", 0.74, []class{social, video}},
		{"AIAssistants.yml", 0.95, []class{assistant}},
	} {
		hosts := listed(t, c.file)
		found := 0
		var missed []string
		for _, h := range hosts {
			from := names.host(bare(h))
			ok := false
			for _, a := range c.accept {
				ok = ok || from.class == a
			}
			if ok {
				found++
			} else {
				missed = append(missed, h)
			}
		}
		share := float64(found) / float64(len(hosts))
		t.Logf("%s: %d of %d hosts, %.0f %%", c.file, found, len(hosts), share*100)
		t.Logf("not in the tables: %s", strings.Join(missed, " "))
		if share < c.floor {
			t.Errorf("%s: %.1f %% of the hosts, want at least %.0f %%", c.file, share*100, c.floor*100)
		}
	}
}

// listed returns the hosts of one of the lists; a pattern such as google.{} stands for three countries.
func listed(t *testing.T, file string) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "sources", file))
	if err != nil {
		t.Fatalf("the test data %s is missing beside the repository, in shared/data/sources", file)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(b, &root); err != nil {
		t.Fatal(err)
	}
	var hosts []string
	var walk func(n *yaml.Node, wanted bool)
	walk = func(n *yaml.Node, wanted bool) {
		switch n.Kind {
		case yaml.ScalarNode:
			if u, err := url.Parse("http://" + strings.ReplaceAll(n.Value, "{}", "COUNTRY")); wanted && err == nil {
				hosts = append(hosts, countries(strings.ToLower(u.Host))...)
			}
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				key := n.Content[i].Value
				walk(n.Content[i+1], key != "params" && key != "hiddenkeyword" && key != "charsets" && key != "backlink")
			}
		default:
			for _, child := range n.Content {
				walk(child, wanted)
			}
		}
	}
	walk(&root, true)
	if len(hosts) < 20 {
		t.Fatalf("%s holds %d hosts: not the list it should be", file, len(hosts))
	}
	return hosts
}

func countries(host string) []string {
	before, after, ok := strings.Cut(host, "country")
	switch {
	case !ok:
		return []string{host}
	case after == "":
		return []string{before + "com", before + "de", before + "co.uk"}
	}
	return []string{before + "de" + after}
}

func TestTablesAreSound(t *testing.T) {
	seen := make(map[string]string)
	hosts := 0
	for _, lists := range sources {
		for line := range strings.Lines(lists) {
			if strings.TrimSpace(line) == "" {
				continue
			}
			name, keys, ok := strings.Cut(strings.TrimSpace(line), ": ")
			if !ok || hit.NewSource(name).String() != name {
				t.Errorf("%q cannot be the name of a source", line)
			}
			for _, key := range strings.Fields(keys) {
				if seen[key] != "" {
					t.Errorf("%s stands for %s and for %s", key, seen[key], name)
				}
				seen[key] = name
				if strings.Contains(key, ".") {
					hosts++
				}
				if key != strings.ToLower(key) {
					t.Errorf("%s can never be found, for it has capitals", key)
				}
			}
		}
	}
	t.Logf("%d hosts and labels", hosts)
}

func TestCountry(t *testing.T) {
	for domain, want := range map[string]bool{
		"com": true, "de": true, "co.uk": true, "com.br": true, "cat": true, "": false, "example": false, "co.example": false,
		"example.com": false, "de.com": false, "co.uk.com": false, "a.de": false,
	} {
		if country(domain) != want {
			t.Errorf("%q: got %v, want %v", domain, !want, want)
		}
	}
}
