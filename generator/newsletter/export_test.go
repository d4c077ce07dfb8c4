package newsletter

import "kaiho/generator/member"

// SignAll makes the tokens of one letter.
func SignAll(t *Template, id uint32, s Signer) error {
	var values own
	_, err := t.sign(member.Member{ID: id}, s, &values)
	return err
}
