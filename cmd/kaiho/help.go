package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kaiho/generator/diag"
)

// newHelp is the help command. Below it are the topics: pages of help that
// belong to no command.
func newHelp(s *session) *cobra.Command {
	c := &cobra.Command{
		Use:   "help [COMMAND]",
		Short: s.say("Help about a command, layouts or front matter", "コマンド・レイアウト・フロントマターの説明"),
		Long: s.say(`Help about a command. "kaiho help layouts" is the manual of layouts, and
"kaiho help front-matter" lists what stands at the top of content files.`,
			`コマンドの説明です。kaiho help layouts でレイアウトの書き方を、
kaiho help front-matter で記事のはじめに書ける項目を表示します。`),
		Example:           "  kaiho help build\n  kaiho help layouts\n  kaiho help front-matter event",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: completeHelp,
		RunE: func(c *cobra.Command, args []string) error {
			found, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return s.unknown(c.Root(), args[0])
			}
			found.InitDefaultHelpFlag()
			return found.Help()
		},
	}
	c.AddCommand(newLayoutsTopic(s), newFrontMatterTopic(s))
	return c
}

func completeHelp(c *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var found []cobra.Completion
	if len(args) == 0 {
		for _, sub := range c.Root().Commands() {
			if sub.IsAvailableCommand() && strings.HasPrefix(sub.Name(), typed) {
				found = append(found, cobra.CompletionWithDesc(sub.Name(), sub.Short))
			}
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// translate gives root its help, and all help and mistakes in the call the
// language of messages. It comes after all commands.
func translate(root *cobra.Command, s *session) {
	root.Args = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return s.unknown(c, args[0])
		}
		return nil
	}
	root.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	root.SetHelpCommand(newHelp(s))
	root.InitDefaultHelpCmd()
	root.SetUsageFunc(s.usage)
	root.SetFlagErrorFunc(s.flagError)
	s.prepare(root)
}

// prepare gives c and the commands below it what they share.
func (s *session) prepare(c *cobra.Command) {
	c.Flags().BoolP("help", "h", false, s.say("this help", "この説明を表示する"))
	c.DisableFlagsInUseLine = true
	if args := c.Args; args != nil && c.HasParent() {
		c.Args = func(c *cobra.Command, given []string) error {
			err := args(c, given)
			if err == nil {
				return nil
			}
			if wrong, ok := errors.AsType[usageError](err); ok {
				return wrong
			}
			return usageError{fmt.Errorf("%s", s.say(
				fmt.Sprintf("the arguments do not fit; write: %s", c.UseLine()),
				fmt.Sprintf("引数が合いません。書き方: %s", c.UseLine())))}
		}
	}
	for _, sub := range c.Commands() {
		s.prepare(sub)
	}
}

// unknown returns the mistake of a command that there is not.
func (s *session) unknown(root *cobra.Command, name string) error {
	var known []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			known = append(known, c.Name())
		}
	}
	return usageError{fmt.Errorf("%s%s", s.say(
		fmt.Sprintf("there is no command %q", name), fmt.Sprintf("「%s」というコマンドはありません", name)), s.meant(name, known))}
}

// meant asks whether word is a misspelt one of known.
func (s *session) meant(word string, known []string) string {
	nearest := diag.Nearest(word, known)
	if nearest == "" {
		return ""
	}
	return s.say(fmt.Sprintf("; did you mean %q?", nearest), fmt.Sprintf("。「%s」ではありませんか", nearest))
}

// flagError puts a mistake in a flag into the language of messages.
func (s *session) flagError(c *cobra.Command, err error) error {
	if args := c.Flags().Args(); !c.HasParent() && len(args) > 0 {
		return s.unknown(c, args[0]) // its flags cannot be known
	}
	text := err.Error()
	if missing, ok := errors.AsType[*pflag.NotExistError](err); ok {
		name := missing.GetSpecifiedName()
		flag := "--" + name
		if missing.GetSpecifiedShortnames() != "" {
			flag = "-" + name
		}
		var known []string
		visit := func(f *pflag.Flag) { known = append(known, "--"+f.Name) }
		c.LocalFlags().VisitAll(visit)
		c.InheritedFlags().VisitAll(visit)
		text = s.say(fmt.Sprintf("there is no flag %s", flag), fmt.Sprintf("オプション %s はありません", flag)) + s.meant(flag, known)
	} else if empty, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		text = s.say(fmt.Sprintf("--%s needs a value", empty.GetFlag().Name), fmt.Sprintf("--%s には値が要ります", empty.GetFlag().Name))
	} else if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		text = s.say(fmt.Sprintf("--%s cannot be %q", bad.GetFlag().Name, bad.GetValue()),
			fmt.Sprintf("--%s に「%s」は使えません", bad.GetFlag().Name, bad.GetValue()))
	}
	return usageError{errors.New(text)}
}
