package doctor

import (
	"context"
	"strings"

	"kaiho/generator/diag"
)

// lookSender looks at whom letters come from and where answers go.
func lookSender(_ context.Context, x *examination) Findings {
	m := x.Site.Mail
	if m.From.Address == "" {
		return Findings{found(diag.SenderMissing)}
	}
	findings := Findings{found(diag.SenderFine, "address", m.From.Address, "bounce", m.Bounce)}
	if m.Bounce == "" {
		findings = append(findings, found(diag.BounceMissing, "address", m.From.Address))
	}
	if m.ReplyTo == "" {
		findings = append(findings, found(diag.RepliesMissing, "address", m.From.Address))
	}
	return findings
}

// lookFooter looks at what the law asks letters to say of their sender (特定電子メール法
// article 4, 施行規則 article 9).
func lookFooter(_ context.Context, x *examination) (findings Findings) {
	o := x.Site.Organization
	for _, lang := range x.Site.Languages {
		for _, need := range []struct{ key, value string }{{"organization.name", o.Name.In(lang)}, {"organization.address", o.Address.In(lang)}} {
			if strings.TrimSpace(need.value) == "" {
				findings = append(findings, found(diag.FooterMissing, "key", need.key, "lang", lang))
			}
		}
	}
	if o.Contact == "" {
		findings = append(findings, found(diag.FooterMissing, "key", "organization.contact"))
	}
	if findings == nil {
		findings = Findings{found(diag.FooterFine)}
	}
	return findings
}

// lookPrivacy looks for a public page on personal data, by its address or its title.
func lookPrivacy(_ context.Context, x *examination) Findings {
	if x.Pages == nil {
		return nil
	}
	best := ""
	for _, p := range x.Pages {
		at, title := strings.ToLower(p.URL), strings.ToLower(p.Title)
		for _, word := range []string{"privacy", "プライバシー", "個人情報"} {
			isAbout := strings.Contains(at, word) || strings.Contains(title, word)
			if isAbout && (best == "" || len(p.URL) < len(best)) { // the main edition has the shortest address
				best = p.URL
			}
		}
	}
	if best != "" {
		return Findings{found(diag.PrivacyFine, "url", best)}
	}
	return Findings{found(diag.PrivacyMissing)}
}

// lookEnvironment looks at what the environment says of sending.
func lookEnvironment(_ context.Context, x *examination) Findings {
	findings := x.lookAddress()
	for _, p := range x.signing.problems {
		if p.Rule == diag.DKIMForm {
			findings = append(findings, found(p.Rule, p.Args...))
		}
	}
	return findings
}
