package publish_test

import (
	"context"
	"fmt"
	"os"

	"kaiho/generator/publish"
)

func ExampleApply() {
	dir, err := os.MkdirTemp("", "dist")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	root, err := os.OpenRoot(dir)
	if err != nil {
		panic(err)
	}
	defer root.Close()

	home := publish.File{Path: "public/index.html", Audience: "public", Render: func() ([]byte, error) {
		return []byte("<h1>会報</h1>"), nil
	}}
	news := publish.File{Path: "public/news/index.html", Audience: "public", Render: func() ([]byte, error) {
		return []byte("<h1>News</h1>"), nil
	}}
	o := publish.Options{Trees: []string{"public", "members"}, Version: "kaiho 1.0"}

	for _, files := range [][]publish.File{{home, news}, {home, news}, {home}} {
		report, err := publish.Apply(context.Background(), root, files, o)
		fmt.Printf("%+v %v\n", report, err)
	}
	// Output:
	// {Outputs:2 Written:2 Removed:0 Unchanged:0} <nil>
	// {Outputs:2 Written:0 Removed:0 Unchanged:2} <nil>
	// {Outputs:1 Written:0 Removed:1 Unchanged:1} <nil>
}
