/** Completion for bash, without the bash-completion package. */
import type { Command } from "../command.ts";
import { operandWords, optionsOf, quoted, takesFiles, valueKind, wordsOf } from "./values.ts";

/**
 * bash takes `--option=a:b` apart at `=` and `:`; the option of the word at the cursor is looked for
 * before them, and `$at` tells whether such a sign came between.
 */
export function bash(commands: readonly Command[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const values = commands.flatMap((command) =>
    command.options
      .filter((option) => option.value)
      .map((option) => {
        const words = quoted(wordsOf(option));
        const reply = {
          words: `compgen -W ${words} -- "$cur"`,
          list: `_anypin_list ${words} "$cur"`,
          "or-file": `compgen -f -W ${words} -- "$cur"`,
          point: `if [[ $at == = ]]; then compgen -f -- "$cur"; else compgen -W ${words} -- "$cur"; fi`,
          file: 'compgen -f -- "$cur"',
          folder: 'compgen -d -- "$cur"',
          any: ":",
        }[valueKind(option)];
        return `    ${quoted(`${command.name} --${option.name}`)}) mapfile -t COMPREPLY < <(${reply}); return ;;`;
      }),
  );
  const rest = commands.map((command) => {
    const options = optionsOf(command).map(({ name }) => `--${name}`);
    const words = operandWords(command);
    const operand = takesFiles(command) ? 'compgen -f -- "$cur"' : ":";
    return `    ${command.name})
      if [[ $cur == -* ]]; then words=${quoted(options.join(" "))}
      ${words.length > 0 ? `else words=${quoted(words.join(" "))}` : `else mapfile -t COMPREPLY < <(${operand}); return`}
      fi ;;`;
  });
  return `# bash completion for anypin: source <(anypin completion bash)
_anypin_list() {
  local before=
  [[ $2 == *,* ]] && before=\${2%,*},
  compgen -P "$before" -W "$1" -- "\${2##*,}"
}
_anypin() {
  local i=$COMP_CWORD cur=\${COMP_WORDS[COMP_CWORD]} at= words=
  COMPREPLY=()
  [[ $cur == [=:] ]] && cur= && (( i++ ))
  while (( i > 2 )) && [[ \${COMP_WORDS[i-1]} == [=:] ]]; do
    [[ \${COMP_WORDS[i-2]} != --* ]] && at=\${COMP_WORDS[i-1]}
    (( i -= 2 ))
    [[ \${COMP_WORDS[i]} == --* ]] && (( i++ )) && break
  done
  case "\${COMP_WORDS[1]} \${COMP_WORDS[i-1]}" in
${values.join("\n")}
  esac
  if [[ $COMP_CWORD == 1 ]]; then words=${quoted(`${names} --help --version`)}
  else case "\${COMP_WORDS[1]}" in
    help) words=${quoted(names)} ;;
${rest.join("\n")}
  esac; fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o filenames -F _anypin anypin
`;
}
