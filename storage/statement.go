package storage

import (
	"fmt"
	"strings"
)

// splitStatements cuts SQL at its semicolons, but not at those in comments, strings and quoted names. Comments are
// left out; a piece without anything else is none. What is opened and not closed is an error.
func splitStatements(sql string) ([]string, error) {
	var statements []string
	var statement strings.Builder
	for i := 0; i < len(sql); {
		n, err := token(sql[i:])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", 1+strings.Count(sql[:i], "\n"), err)
		}
		switch piece := sql[i : i+n]; {
		case piece == ";":
			statements = appendStatement(statements, statement.String())
			statement.Reset()
		case strings.HasPrefix(piece, "--"), strings.HasPrefix(piece, "/*"):
			statement.WriteByte(' ')
		default:
			statement.WriteString(piece)
		}
		i += n
	}
	return appendStatement(statements, statement.String()), nil
}

func appendStatement(statements []string, s string) []string {
	if s = strings.TrimSpace(s); s != "" {
		statements = append(statements, s)
	}
	return statements
}

// token returns the length of the comment, string, quoted name or single byte that sql begins with.
func token(sql string) (int, error) {
	switch {
	case strings.HasPrefix(sql, "--"):
		if end := strings.IndexByte(sql, '\n'); end >= 0 {
			return end, nil
		}
		return len(sql), nil
	case strings.HasPrefix(sql, "/*"):
		end := strings.Index(sql[2:], "*/")
		if end < 0 {
			return 0, fmt.Errorf("a comment is not closed")
		}
		return 2 + end + 2, nil
	case sql[0] == '\'' || sql[0] == '"' || sql[0] == '`':
		// A doubled quote closes and opens again, which comes to the same.
		for i := 1; i < len(sql); i++ {
			switch sql[i] {
			case '\\':
				i++
			case sql[0]:
				return i + 1, nil
			}
		}
		return 0, fmt.Errorf("a %c is not closed", sql[0])
	}
	return 1, nil
}
