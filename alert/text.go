package alert

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Text is a sentence for people. German is empty where there is none; then it is said in English.
type Text struct{ English, German string }

// UnmarshalYAML reads a sentence, which stands for English, or one for each language: {en: …, de: …}.
func (t *Text) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return n.Decode(&t.English)
	}
	for i := 0; i < len(n.Content); i += 2 {
		var to *string
		switch key := n.Content[i]; key.Value {
		case "en":
			to = &t.English
		case "de":
			to = &t.German
		default:
			return fmt.Errorf("line %d: %q is neither en nor de", key.Line, key.Value)
		}
		if err := n.Content[i+1].Decode(to); err != nil {
			return err
		}
	}
	if t.English == "" {
		return fmt.Errorf("line %d: has no en", n.Line)
	}
	return nil
}
