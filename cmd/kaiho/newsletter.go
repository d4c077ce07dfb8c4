package main

import "github.com/spf13/cobra"

func newNewsletter(s *session) *cobra.Command {
	c := &cobra.Command{
		Use:     "newsletter",
		Short:   s.say("Issues of the newsletter", "会報の号を扱う"),
		Example: "  kaiho newsletter note 2026-11-18",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newNewsletterNote(s))
	return c
}
