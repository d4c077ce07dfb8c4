package member

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Level says who sees a field of a member.
type Level string

// The levels, from the fewest to the most. Nobody but the member sees what is
// hidden, the office included.
const (
	Hidden   Level = "hidden"
	Office   Level = "office" // the default
	Alumni   Level = "alumni" // every member
	Everyone Level = "everyone"
)

// The fields whose visibility a member decides.
const (
	FieldName       = "name" // with its kana; without it nobody is listed
	FieldFormer     = "former"
	FieldEmail      = "email"
	FieldCohort     = "cohort" // joined and left
	FieldDepartment = "department"
	FieldTitle      = "title"
	FieldSkills     = "skills"
	FieldInterests  = "interests"
	FieldRegion     = "region"
)

// Fields returns the fields of a Visibility, in the order in which they are shown.
func Fields() []string {
	return []string{FieldName, FieldFormer, FieldEmail, FieldCohort, FieldDepartment, FieldTitle, FieldSkills, FieldInterests, FieldRegion}
}

// Levels returns the levels, from the fewest who see to the most.
func Levels() []Level { return []Level{Hidden, Office, Alumni, Everyone} }

// Visibility says of fields who sees them; of a field that is not in it, the
// office.
type Visibility map[string]Level

// Of returns who sees field.
func (v Visibility) Of(field string) Level {
	if level, ok := v[field]; ok {
		return level
	}
	return Office
}

// Shows reports whether somebody who stands at level sees field: a member at
// Alumni, a stranger at Everyone, the office at Office.
func (v Visibility) Shows(field string, level Level) bool {
	return slices.Index(Levels(), v.Of(field)) >= max(slices.Index(Levels(), level), 1)
}

// String writes it as name=alumni;region=everyone, sorted.
func (v Visibility) String() string {
	var parts []string
	for _, field := range slices.Sorted(maps.Keys(v)) {
		parts = append(parts, field+"="+string(v[field]))
	}
	return strings.Join(parts, ";")
}

// ParseVisibility reads what String writes; ErrInvalid if a field or level is
// unknown.
func ParseVisibility(s string) (Visibility, error) {
	v := Visibility{}
	for _, part := range list(s) {
		field, level, _ := strings.Cut(part, "=")
		v[strings.TrimSpace(field)] = Level(strings.TrimSpace(level))
	}
	return v, v.check()
}

func (v Visibility) check() error {
	for _, field := range slices.Sorted(maps.Keys(v)) {
		if !slices.Contains(Fields(), field) {
			return fmt.Errorf("%w: %q is no field of its visibility: %s", ErrInvalid, field, strings.Join(Fields(), ", "))
		}
		if !slices.Contains(Levels(), v[field]) {
			return fmt.Errorf("%w: %q is no level of visibility: everyone, alumni, office, hidden", ErrInvalid, v[field])
		}
	}
	return nil
}
