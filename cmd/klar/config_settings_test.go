package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/dashboards/settings"
)

// mergedWith reads a configuration and puts settings under it.
func mergedWith(t *testing.T, text string, made settings.Settings) (config, error) {
	t.Helper()
	c, err := configured(t, text)
	if err != nil {
		t.Fatal(err)
	}
	return c, c.merge(made)
}

const filedSites = `sites:
  - id: filed.example
    hosts: [www.filed.example]
    goals: [{name: Thanks, page: /thanks}]
    segments: [{id: 1, name: Staff, filters: [[is, 'visit:country', [DE]]]}]
`

// madeSites are sites of the interface, of which the file has one.
func madeSites() settings.Settings {
	return settings.Settings{Sites: []settings.Site{
		{
			ID: "filed.example", Definition: &settings.Definition{Hosts: []string{"stolen.example"}},
			Goals:   []settings.Goal{{Name: "Thanks", Page: "/other"}, {Name: "Order", Event: "Order"}, {Name: "Again", Page: "/thanks"}},
			Funnels: []settings.Funnel{{Name: "Way", Steps: []string{"goal:Thanks", "goal:Order"}}, {Name: "Lost", Steps: []string{"/a", "goal:Again"}}},
		},
		{ID: "made.example", Definition: &settings.Definition{Hosts: []string{"shop.made.example"}, Timezone: "Europe/Berlin"}},
		{ID: "thief.example", Definition: &settings.Definition{Hosts: []string{"www.filed.example"}}},
		{ID: "gone.example", Goals: []settings.Goal{{Name: "A", Page: "/a"}}},
	}}
}

// TestSettingsStandUnderTheFile wants what the file names to hold, what can be beside it to be added, and the rest to be
// left out with a reason.
func TestSettingsStandUnderTheFile(t *testing.T) {
	t.Parallel()
	c, err := mergedWith(t, filedSites, madeSites())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, s := range c.Sites {
		ids = append(ids, s.ID)
	}
	filed := &c.Sites[0]
	if !slices.Equal(ids, []string{"filed.example", "made.example"}) || !slices.Equal(filed.Hosts, []string{"www.filed.example"}) ||
		!slices.Equal(filed.names(settings.Goals), []string{"Thanks", "Order"}) || !slices.Equal(filed.names(settings.Funnels), []string{"Way"}) ||
		filed.Goals[0].Page != "/thanks" || c.Sites[1].location.String() != "Europe/Berlin" || len(filed.defined.counted.Goals) != 2 {
		t.Errorf("in force are %v, of the first %v, %v, %v", ids, filed.Hosts, filed.Goals, filed.Funnels)
	}
	var reasons []string
	for _, u := range c.unused {
		reasons = append(reasons, u.String())
	}
	said := strings.Join(reasons, "\n")
	for _, want := range []string{
		`the site "filed.example": the configuration file names`, `goals of the site "filed.example": "Thanks": the configuration file has one`,
		`"Again": counts the same as "Thanks"`, `"Lost": "Again" is not a goal of the site`, `the site "thief.example": "www.filed.example" belongs to the site`,
		`the site "gone.example": the configuration file does not name`,
	} {
		if !strings.Contains(said, want) {
			t.Errorf("not said: %s; only\n%s", want, said)
		}
	}
	if len(c.unused) != 6 {
		t.Errorf("%d things are left out, want 6:\n%s", len(c.unused), said)
	}
	view, defined := c.view("filed.example")
	if !defined || view.Site.Source != settings.FromFile || len(view.Goals) != 4 || view.Goals[0].Source != settings.FromFile ||
		view.Goals[2].Source != settings.FromInterface || view.Goals[2].Problem != "" || view.Goals[3].Problem == "" {
		t.Errorf("shown is %+v", view)
	}
	if err := c.merge(settings.Settings{}); err != nil || len(c.Sites) != 1 || len(c.Sites[0].Goals) != 1 || len(c.unused) > 0 {
		t.Errorf("without settings: %v, %+v", err, c.Sites)
	}
}

// TestSettingsCarryTheFile has a file that names a site of the interface.
func TestSettingsCarryTheFile(t *testing.T) {
	t.Parallel()
	c, err := mergedWith(t, "privacy: {crowd: 20}\n", madeSites())
	if err != nil || len(c.Sites) != 3 {
		t.Errorf("%v, %+v", err, c.Sites)
	}
	c.Sources = []sourceConfig{{File: "x", Site: "made.example"}}
	if err := c.merge(madeSites()); err != nil {
		t.Error(err)
	}
	if err := c.merge(settings.Settings{}); err == nil || !strings.Contains(err.Error(), `sources.0.site: "made.example" is no configured site`) {
		t.Errorf("without the site it names: %v", err)
	}
}

// refusedEdits are changes to madeSites under filedSites, and what is at fault.
var refusedEdits = []struct {
	kind       settings.Kind
	name, body string // empty body: remove
	field, why string
}{
	{settings.Goals, "", `{"name":"x","page":"a"}`, "", `"a" is not a page`},
	{settings.Segments, "", `{"name":"Staff","filters":[["is","visit:country",["FR"]]]}`, "name", "the configuration file has one"},
	{settings.Goals, "", `{"name":"x","event":"e","currency":"euro"}`, "currency", "three capital letters"},
	{settings.Goals, "Order", "", "", `"Way": "Order" is not a goal of the site`},
	{settings.Goals, "Order", `{"name":"Sale","event":"Order"}`, "", `"Way": "Order" is not a goal`},
	{settings.Groups, "", `{"name":"x","pages":[]}`, "pages", "needs 1 to 64 pages"},
	{settings.Funnels, "", `{"name":"x","steps":["/a","goal:y"]}`, "steps.1", "not a goal of the site"},
	{settings.Segments, "", `{"name":"x","filters":[["is","visit:colour",["red"]]]}`, "filters.0.1", "visit:colour"},
	{settings.Segments, "", `{"name":"1","filters":[["is","visit:country",["DE"]]]}`, "name", "two segments"},
}

// TestSettingsRefuseEdits wants the reason at the field.
func TestSettingsRefuseEdits(t *testing.T) {
	t.Parallel()
	c, err := mergedWith(t, filedSites, madeSites())
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range refusedEdits {
		edit := settings.Remove("filed.example", bad.kind, bad.name)
		if bad.body != "" {
			if edit, err = settings.Put("filed.example", bad.kind, bad.name, []byte(bad.body)); err != nil {
				t.Fatal(err)
			}
		}
		made, err := edit.Apply(madeSites())
		if err != nil {
			t.Fatal(err)
		}
		next := c
		if err := next.merge(made); err != nil {
			t.Fatal(err)
		}
		wrong, _ := next.refuses(edit, c.unused).(*settings.Error)
		if wrong == nil || wrong.Field != bad.field || !strings.Contains(wrong.Reason, bad.why) {
			t.Errorf("%s %q %s: %+v; want %q at %q", bad.kind, bad.name, bad.body, wrong, bad.why, bad.field)
		}
	}
}

// TestCheckTellsWhatDoesNotHold of the settings that are in the data directory, and refuses those that are damaged.
func TestCheckTellsWhatDoesNotHold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, kept := filepath.Join(dir, "klar.yaml"), filepath.Join(dir, settings.FileName)
	write(t, file, filedSites, os.O_TRUNC)
	write(t, kept, `{"version":1,"sites":[{"id":"filed.example","goals":[{"name":"A","page":"/thanks"},{"name":"B","page":"/b"}]}]}`, os.O_TRUNC)
	check := []string{"check", "--config-only", "--config", file, "--data", dir}
	if said := mustKlar(t, check...); strings.Count(said, "does not hold") != 1 || !strings.Contains(said, `"A": counts the same as "Thanks"`) {
		t.Errorf("said is %s", said)
	}
	write(t, kept, "{", os.O_TRUNC)
	refused(t, "settings.json is damaged", check...)
}
