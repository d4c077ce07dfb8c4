package segment

import "slices"

// key is something that is known of a member.
type key int

const (
	joined key = iota
	left
	department
	title
	region
	language
	skills
	interests
	audiences
	keyCount
)

var keyNames = [keyCount]string{"joined", "left", "department", "title", "region", "language", "skills", "interests", "audiences"}

// kind is what a value is.
type kind int

const (
	unknown kind = iota // it has a mistake that was reported
	number
	text
	list
	truth
)

var kindOf = [keyCount]kind{number, number, text, text, text, text, list, list, list}

// reserved are the words of the language that are no keys.
var reserved = []string{"and", "or", "not", "in", "true", "false", "known"}

// Keys returns the keys of expressions: joined and left, years; department,
// title, region and language, texts; skills, interests and audiences, lists of
// texts.
func Keys() []string { return slices.Clone(keyNames[:]) }

func keysOf(wanted kind) []string {
	var names []string
	for k, name := range keyNames {
		if kindOf[k] == wanted {
			names = append(names, name)
		}
	}
	return names
}

func (f *Facts) number(k key) int {
	if k == joined {
		return f.Joined
	}
	return f.Left
}

func (f *Facts) text(k key) string {
	switch k {
	case department:
		return f.Department
	case title:
		return f.Title
	case region:
		return f.Region
	}
	return f.Language
}

func (f *Facts) list(k key) []string {
	switch k {
	case skills:
		return f.Skills
	case interests:
		return f.Interests
	}
	return f.Audiences
}
