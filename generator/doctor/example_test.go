package doctor_test

import (
	"os"

	"kaiho/generator/diag"
	"kaiho/generator/doctor"
)

// What the DNS lacks does not keep letters from the outbox; a missing key does.
func ExampleFindings_Blocking() {
	findings := doctor.Findings{
		{Topic: doctor.Keys, ID: diag.MailKeyMissing, Severity: diag.Error},
		{Topic: doctor.DNS, ID: diag.SPFMissing, Severity: diag.Error, Args: []string{"domain", "nagi.example"}},
	}
	outbox := doctor.IsLocal("")
	findings.Blocking(outbox).Print(os.Stdout, doctor.Style{Lang: diag.English})
	// Output:
	// Keys
	//   ✗ error    no mail key signs: letters cannot carry links.
	//              → Make it: kaiho key new
}
