package main

import (
	"slices"

	"github.com/spf13/cobra"
)

// newCompletion stands in the place of cobra's command of that name, which is
// English and takes any argument.
func newCompletion(s *session) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:       "completion SHELL",
		Short:     s.say("Print a script that completes commands in a shell", "シェルでコマンドを補完するためのスクリプトを表示する"),
		ValidArgs: shells,
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		Long: s.say("Print a script that completes commands in a shell: bash, zsh, fish or\npowershell.",
			"シェル（bash、zsh、fish、powershell）でコマンドを補完するためのスクリプトを\n表示します。"),
		Example: `  source <(kaiho completion bash)
  kaiho completion zsh > "${fpath[1]}/_kaiho"
  kaiho completion fish > ~/.config/fish/completions/kaiho.fish
  kaiho completion powershell | Out-String | Invoke-Expression`,
		RunE: func(c *cobra.Command, args []string) error {
			root := c.Root()
			switch slices.Index(shells, args[0]) {
			case 0:
				return root.GenBashCompletionV2(s.stdout, true)
			case 1:
				return root.GenZshCompletion(s.stdout)
			case 2:
				return root.GenFishCompletion(s.stdout, true)
			}
			return root.GenPowerShellCompletionWithDesc(s.stdout)
		},
	}
}
