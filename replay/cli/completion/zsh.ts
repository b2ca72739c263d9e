/** Completion for zsh. */
import type { Command, OptionSpec } from "../command.ts";
import { operandWords, optionsOf, quoted, takesFiles, valueKind, wordsOf } from "./values.ts";

export function zsh(commands: readonly Command[]): string {
  const plain = (text: string) => text.replace(/[[\]:\\]/g, "\\$&");
  const argument = (option: OptionSpec) => {
    const words = wordsOf(option);
    const action = {
      words: `(${words})`,
      list: `_values -s , ${plain(option.value ?? "")} ${words}`,
      "or-file": ` _anypin_or_file ${words}`,
      point: ` _anypin_point ${words}`,
      file: "_files",
      folder: "_files -/",
      any: " ",
    }[valueKind(option)];
    const value = option.value ? `:${plain(option.value)}:${action}` : "";
    const again = option.repeatable ? "*" : "";
    return quoted(`${again}--${option.name}[${plain(option.help)}]${value}`);
  };
  const cases = commands.map((command) => {
    const words = operandWords(command);
    const operand =
      words.length > 0
        ? [quoted(`1:word:(${words.join(" ")})`)]
        : takesFiles(command)
          ? ["'*:file:_files'"]
          : [];
    const all = [...optionsOf(command).map(argument), ...operand].join(" \\\n        ");
    return `    ${command.name})
      _arguments ${all} ;;`;
  });
  const names = commands.map(({ name, summary }) => `    ${quoted(`${name}:${plain(summary)}`)}`);
  return `#compdef anypin
# zsh completion for anypin: source <(anypin completion zsh)
_anypin_or_file() {
  _alternative "words:word:($*)" "files:file:_files"
}
_anypin_point() {
  if compset -P '*='; then _files; else compadd -S = -- "$@"; fi
}
_anypin() {
  local -a commands
  commands=(
${names.join("\n")}
  )
  if (( CURRENT == 2 )) || [[ $words[2] == help ]]; then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${cases.join("\n")}
  esac
}
compdef _anypin anypin
`;
}
