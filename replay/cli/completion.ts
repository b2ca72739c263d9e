/** Shell completion, rendered from the declarations of commands. */
import { COMMON_OPTIONS } from "./args.ts";
import type { Command, OptionSpec } from "./command.ts";

/** The shells there is completion for, each with its script. */
export const SHELLS: Readonly<Record<string, (commands: readonly Command[]) => string>> = {
  bash,
  zsh,
  fish,
};

/** What an option's value is: one of some words, a file, a folder, or anything. */
function valueKind({ value, choices }: OptionSpec): "words" | "file" | "folder" | "any" {
  if (choices) return "words";
  if (value === undefined) return "any";
  return value.includes("FILE") ? "file" : value === "DIR" ? "folder" : "any";
}

/** Operands that are words to choose from (`bash|zsh|fish`); none where they are files. */
const operandWords = ({ operands }: Command): readonly string[] =>
  /^[a-z0-9|]+$/.test(operands) ? operands.split("|") : [];

const takesFiles = (command: Command): boolean =>
  command.operands !== "" && operandWords(command).length === 0;

const optionsOf = (command: Command): readonly OptionSpec[] => [
  ...command.options,
  ...COMMON_OPTIONS,
];

/** Within single quotes of a POSIX shell or zsh. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function bash(commands: readonly Command[]): string {
  const values = commands.flatMap((command) =>
    command.options
      .filter((option) => option.value)
      .map((option) => {
        const reply = {
          words: `compgen -W ${quoted((option.choices ?? []).join(" "))} -- "$cur"`,
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
_anypin() {
  local cur=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words=
  COMPREPLY=()
  case "\${COMP_WORDS[1]} $previous" in
${values.join("\n")}
  esac
  if [[ $COMP_CWORD == 1 ]]; then words=${quoted(`${commands.map(({ name }) => name).join(" ")} --help --version`)}
  else case "\${COMP_WORDS[1]}" in
${rest.join("\n")}
  esac; fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o filenames -F _anypin anypin
`;
}

function zsh(commands: readonly Command[]): string {
  const plain = (text: string) => text.replace(/[[\]:\\]/g, "\\$&");
  const argument = (option: OptionSpec) => {
    const action = {
      words: `(${(option.choices ?? []).join(" ")})`,
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
_anypin() {
  local -a commands
  commands=(
${names.join("\n")}
  )
  if (( CURRENT == 2 )); then
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

function fish(commands: readonly Command[]): string {
  const text = (words: string) => `'${words.replace(/[\\']/g, "\\$&")}'`;
  const lines = commands.flatMap((command) => {
    const within = `complete -c anypin -n '__fish_seen_subcommand_from ${command.name}'`;
    const words = operandWords(command);
    return [
      `complete -c anypin -n __fish_use_subcommand -a ${command.name} -d ${text(command.summary)}`,
      ...optionsOf(command).map((option) => {
        const value = {
          words: ` -x -a ${text((option.choices ?? []).join(" "))}`,
          file: " -r -F",
          folder: " -x -a '(__fish_complete_directories)'",
          any: option.value ? " -x" : "",
        }[valueKind(option)];
        return `${within} -l ${option.name}${value} -d ${text(option.help)}`;
      }),
      ...(words.length > 0 ? [`${within} -a ${text(words.join(" "))}`] : []),
      ...(takesFiles(command) ? [`${within} -F`] : []),
    ];
  });
  return `# fish completion for anypin: anypin completion fish | source
complete -c anypin -f
${lines.join("\n")}
`;
}
