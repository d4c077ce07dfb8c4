package diag

// Rules of editors' tools: the CMS at /admin/, and the files that tell editors
// which keys there are.
const (
	AdminRepo     Rule = "admin-repository"
	AdminBranch   Rule = "admin-branch"
	AdminMedia    Rule = "admin-media"
	AdminProgram  Rule = "admin-program"
	SchemaMissing Rule = "schema-missing"
	SchemaBroken  Rule = "schema-broken"
	SchemaUnknown Rule = "schema-unknown"
	SchemaVersion Rule = "schema-version"
)

var editorRules = map[Rule]entry{
	AdminRepo: {Error,
		text{`"{value}" is not the name of a repository.`, `[[Did you mean "{nearest}"?]] Write owner and name, as in nagi-office/site.`},
		text{`「{value}」はリポジトリの名前ではありません。`, `[[「{nearest}」ではありませんか。]]nagi-office/site のように、持ち主と名前を書いてください。`}},
	AdminBranch: {Error,
		text{`"{value}" cannot be the name of a branch.`, `Write the branch that the site is built from, such as main.`},
		text{`「{value}」はブランチの名前にできません。`, `main のように、サイトのもとになるブランチを書いてください。`}},
	AdminMedia: {Error,
		text{`"{value}" is no folder of static/ that pictures can go to.`, `Write a path of letters, digits and hyphens, such as images or images/uploads.`},
		text{`「{value}」は、写真を入れる static/ の下のフォルダーにできません。`, `images や images/uploads のように、文字・数字・ハイフンで書いてください。`}},
	AdminProgram: {Warning,
		text{`the CMS is not there yet, so the site has no /admin/: {file} is missing.`, `Get it once with "{command}", and commit it; nothing is loaded from elsewhere then.`},
		text{`{file} がないため、/admin/ の編集画面はまだつくられません。`, `一度だけ「{command}」を実行して、できたファイルをコミットしてください。ほかのサイトからは何も読み込みません。`}},
	SchemaMissing: {Error,
		text{`this line leads editors to "{file}", which is not there.`, `Write it with "kaiho schema --write", or remove the line.`},
		text{`この行が指す「{file}」がありません。`, `「kaiho schema --write」でつくるか、この行を消してください。`}},
	SchemaBroken: {Error,
		text{`this file cannot be read as JSON.`, `Write it anew with "kaiho schema --write".`},
		text{`このファイルは JSON として読めません。`, `「kaiho schema --write」で書き直してください。`}},
	SchemaUnknown: {Error,
		text{`kaiho has not written this file: it says no version ({key}).`, `Write it anew with "kaiho schema --write", or give your own file another name.`},
		text{`版（{key}）がないので、kaiho が書いたファイルではありません。`, `「kaiho schema --write」で書き直してください。ご自分のファイルなら、別の名前にしてください。`}},
	SchemaVersion: {Warning,
		text{`this file[[, like {more} more,]] gives editors the keys of another version of kaiho ({found}; this one has {wanted}).`, `Renew them with "kaiho schema --write".`},
		text{`このファイル[[ほか {more} 件]]は、別の版の kaiho の項目をエディターに伝えています（{found}。いまは {wanted}）。`, `「kaiho schema --write」で新しくしてください。`}},
}
