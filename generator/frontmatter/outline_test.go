package frontmatter_test

import (
	"fmt"

	"kaiho/generator/frontmatter"
)

// outline returns n and what is in it, for the messages of tests.
func outline(n *frontmatter.Node, indent string) string {
	text := fmt.Sprintf("%s%d:%d kind %d %q quoted %v name %s\n", indent, n.Pos().Line, n.Pos().Col, n.Kind(), n.Text(), n.Quoted(), n.Name())
	for _, f := range n.Fields() {
		text += fmt.Sprintf("%s%d:%d %s:\n", indent, f.KeyPos.Line, f.KeyPos.Col, f.Key) + outline(f.Value, indent+"  ")
	}
	for _, item := range n.Items() {
		text += outline(item, indent+"- ")
	}
	return text
}
