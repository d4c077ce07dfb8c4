package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"kaiho/generator/bounce"
)

// takeBounces reads what came back: a message, or those of an mbox or a maildir.
func (s *session) takeBounces(ctx context.Context, r returns, args []string) error {
	if len(args) == 0 {
		raw, err := bounce.Read(os.Stdin)
		return r.takeRead(ctx, "-", raw, err)
	}
	info, err := os.Stat(args[0])
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New(s.say("there is no file or maildir "+args[0], args[0]+" というファイルや maildir はありません"))
	case err != nil:
		return fmt.Errorf("read what came back: %w", err)
	case info.IsDir():
		return r.takeMaildir(ctx, args[0])
	}
	return r.takeFile(ctx, args[0])
}

// takeFile reads a message, or the messages of an mbox: a file that begins as one.
func (r returns) takeFile(ctx context.Context, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("read the message: %w", err)
	}
	defer file.Close()
	const from = "From "
	text, name := bufio.NewReader(file), filepath.Base(name)
	if begin, _ := text.Peek(len(from)); string(begin) != from { // a shorter file is none
		raw, err := bounce.Read(text)
		return r.takeRead(ctx, name, raw, err)
	}
	n := 0
	for raw, err := range bounce.Mbox(text) {
		n++
		if err := r.takeRead(ctx, fmt.Sprintf("%s:%d", name, n), raw, err); err != nil {
			return err
		}
	}
	return nil
}

// takeRead records a message as it was read.
func (r returns) takeRead(ctx context.Context, name string, raw []byte, err error) error {
	if errors.Is(err, bounce.ErrTooLarge) {
		r.isNone(name, err)
		return nil
	}
	if err != nil {
		return err
	}
	return r.take(ctx, name, raw)
}

// takeMaildir records the messages of a maildir that nobody has seen, and moves each to
// cur as seen: also one that is no bounce, or it would be read for ever. What cannot be
// recorded stays where it is, for the next call.
func (r returns) takeMaildir(ctx context.Context, name string) error {
	root, err := os.OpenRoot(name)
	if err != nil {
		return fmt.Errorf("open the maildir: %w", err)
	}
	defer root.Close()
	if !bounce.IsMaildir(root.FS(), ".") {
		return errors.New(r.say(name+" is no maildir: it lacks the folder new or cur. Single messages are given as files", name+" は maildir ではありません（new と cur のフォルダーが要ります）。一通ずつなら、ファイルを指定してください"))
	}
	taken, left := 0, 0
	defer func() { r.tellTaken(taken, left) }()
	for stored, err := range bounce.Maildir(root.FS(), ".") {
		if ctx.Err() != nil {
			return errors.New(r.say("stopped; the other messages stay for the next time", "中断しました。残りのメールは、次に実行したときに読みます"))
		}
		if err == nil || errors.Is(err, bounce.ErrTooLarge) {
			if err := r.takeRead(ctx, stored.Name, stored.Raw, err); err != nil {
				left++
				return fmt.Errorf("record %s: %w", stored.Name, err) // so it would be with the others
			}
			err = bounce.Seen(root, stored.Name)
		}
		if err != nil {
			fmt.Fprintf(r.stderr, "kaiho: %s: %v\n", stored.Name, err)
			left++
			continue
		}
		taken++
	}
	if left > 0 {
		return errProblems
	}
	return nil
}

// tellTaken says how many messages of a maildir were taken.
func (r returns) tellTaken(taken, left int) {
	switch {
	case taken > 0:
		fmt.Fprintln(r.stderr, r.say(count(taken, "message")+" taken, and moved to cur as read", fmt.Sprintf("%d 通を読み、既読として cur に移しました", taken)))
	case left == 0:
		fmt.Fprintln(r.stderr, r.say("no new messages", "新しいメールはありません"))
	}
	if left > 0 {
		fmt.Fprintln(r.stderr, r.say(count(left, "message")+" could not be taken; run this again when that is mended", fmt.Sprintf("%d 通は処理できませんでした。原因を取り除いてから、もう一度実行してください", left)))
	}
}

// isNone says why something is no message that could have come back.
func (r returns) isNone(name string, err error) {
	text := err.Error()
	switch {
	case errors.Is(err, bounce.ErrTooLarge):
		const mb = bounce.MaxBytes >> 20
		text = r.say(fmt.Sprintf("longer than %d MB, as no bounce is; nothing changed", mb), fmt.Sprintf("%d MB を超えるため、戻ってきたメールとはみなしません。何も変えていません", mb))
	case errors.Is(err, bounce.ErrEmpty):
		text = r.say("empty; nothing changed", "空のメールです。何も変えていません")
	}
	fmt.Fprintf(r.stderr, "%s: %s\n", name, text)
}
