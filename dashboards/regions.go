package dashboards

import (
	"io/fs"
	"strings"
)

// regionList is the file of the interface that names the regions, made by regions.plugin.ts: a country in a line, as in
// AT|1 Burgenland|2 Kärnten|…
const regionList = "regions.txt"

// RegionNames returns what regions are called where they are, by their codes after ISO 3166-2, from the built interface; none
// in a binary without it.
func RegionNames() map[string]string { return regionNames(embedded()) }

func regionNames(files fs.FS) map[string]string {
	list, err := fs.ReadFile(files, regionList)
	if err != nil {
		return nil
	}
	names := map[string]string{}
	for line := range strings.Lines(string(list)) {
		country, regions, _ := strings.Cut(strings.TrimSpace(line), "|")
		for region := range strings.SplitSeq(regions, "|") {
			if code, name, ok := strings.Cut(region, " "); ok {
				names[country+"-"+code] = name
			}
		}
	}
	return names
}
