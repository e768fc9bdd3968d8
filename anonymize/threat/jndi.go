package threat

import "strings"

// jndi looks for lookups of Log4j (CVE-2021-44228), also spelt with other lookups: ${${lower:j}ndi:…}, ${${::-j}ndi:…}.
func jndi(v string, f feature) level {
	if f&shell == 0 || f&brace == 0 {
		if has(v, "jndi:ldap:") || has(v, "jndi:rmi:") || has(v, "jndi:dns:") {
			return certain
		}
		return nothing
	}
	if has(v, "jndi:") && has(v, "${") {
		return certain
	}
	if !has(v, "${") {
		return nothing
	}
	var out [256]byte
	spelt := string(resolve(out[:0], v, 0))
	if has(spelt, "jndi:") || has(spelt, "jndi${") {
		return certain
	}
	if lookups.in(v) {
		return certain
	}
	return nothing
}

// maxNesting bounds how deep lookups may stand in each other.
const maxNesting = 16

// resolve appends what Log4j would make of a text: a lookup is its last part, which is what stands behind ":-" or behind
// "lower:" and "upper:". Others, such as ${jndi:…} itself, lose their braces only.
func resolve(dst []byte, v string, depth int) []byte {
	for len(v) > 0 && len(dst) < 200 {
		i := strings.Index(v, "${")
		if i < 0 || depth == maxNesting {
			return append(dst, v[:min(len(v), 200)]...)
		}
		dst = append(dst, v[:min(i, 200)]...)
		inside, rest := braced(v[i+2:])
		before := len(dst)
		dst = resolve(dst, inside, depth+1)
		made := string(dst[before:])
		switch j := strings.LastIndex(made, ":-"); {
		case j >= 0:
			made = made[j+2:]
		case strings.HasPrefix(made, "lower:"), strings.HasPrefix(made, "upper:"):
			made = made[len("lower:"):]
		}
		dst = append(dst[:before], made...)
		v = rest
	}
	return dst
}

// braced cuts v behind the brace that closes what v begins in.
func braced(v string) (inside, rest string) {
	depth := 0
	for i := range len(v) {
		switch v[i] {
		case '{':
			depth++
		case '}':
			if depth == 0 {
				return v[:i], v[i+1:]
			}
			depth--
		}
	}
	return v, ""
}

// lookups are lookups of Log4j.
var lookups = newWords(
	"${ctx:", "${env:", "${sys:", "${main:", "${java:", "${log4j:", "${docker:", "${k8s:", "${bundle:", "${web:",
	"${lower:", "${upper:", "${::-", "${date:'",
)
