package diag_test

import (
	"fmt"
	"os"

	"kaiho/generator/diag"
)

func Example() {
	var problems diag.Problems
	at := func(line, col int) diag.Pos { return diag.Pos{Path: "content/jobs/optics.md", Line: line, Col: col} }
	problems = append(problems,
		diag.New(at(7, 1), diag.UnknownKey, "key", "titel", "nearest", diag.Nearest("titel", []string{"title", "date"})),
		diag.New(at(1, 1), diag.ByteOrderMark))
	problems.Sort()
	if err := problems.Print(os.Stdout, diag.English); err != nil {
		fmt.Println(err)
	}
	fmt.Println("errors:", problems.Count(diag.Error))
	// Output:
	// content/jobs/optics.md:1:1: warning: the file begins with a byte order mark; it is read as if it were not there. Save the file as UTF-8 without BOM. [byte-order-mark]
	// content/jobs/optics.md:7:1: error: unknown key "titel". Did you mean "title"? [unknown-key]
	// errors: 1
}

func ExampleProblem() {
	p := diag.New(diag.Pos{Path: "site.yaml", Line: 3, Col: 8}, diag.EmptyValue, "key", "title")
	fmt.Println(p.Severity(), p.Rule)
	fmt.Println(p.Message(diag.Japanese))
	fmt.Println(p.Remedy(diag.Japanese))
	// Output:
	// error empty-value
	// 「title」の値が空です。
	// 値を書くか、この行を削除してください。
}

func ExampleNearest() {
	fmt.Printf("%q %q\n", diag.Nearest("sumary", []string{"title", "summary"}), diag.Nearest("会費", []string{"title", "summary"}))
	// Output: "summary" ""
}
