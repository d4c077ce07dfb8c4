package member_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/member"
	"kaiho/generator/store"
)

func ExampleParseAddress() {
	a, err := member.ParseAddress("Taro..Y@日本語.example")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(a.Canonical)
	fmt.Println(a.SMTP)
	// Output:
	// taro..y@xn--wgv71a119e.example
	// Taro..Y@xn--wgv71a119e.example
}

func ExampleBook_Import() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "kaiho.db"))
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()

	report, err := member.Open(db).Import(ctx, []byte("メール,氏名,入社年\ntaro@example.jp,山田 太郎,平成元年\nhanako,山田 花子,2001\n"),
		member.ImportOptions{File: "members.csv", SkipBad: true, Now: time.Now()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.New, report.Bad)
	fmt.Println(report.Problems[0].Line(diag.English))
	// Output:
	// 1 1
	// members.csv:3:1: error: email: this is not a mail address. Write it as name@example.com. [member-address]
}
