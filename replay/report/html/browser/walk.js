// Steps through a walk with the arrow keys, and switches between walks.

const view = document.getElementById("walk");
const bar = document.getElementById("walk-bar");
const NAMES = { pin: "pin on path", topology: "topology", twoPass: "passes", client: "client" };
const WORDS = { true: "two", false: "one" };

unpack("walks").then((text) => {
  const walks = JSON.parse(text);
  const choice = { ...walks[Number(view.dataset.first)].choice };
  let step = 0;

  const steps = document.createElement("div");
  steps.className = "bar";
  steps.setAttribute("role", "group");
  steps.setAttribute("aria-label", "steps, also with the arrow keys");

  const same = (walk) => Object.keys(choice).every((key) => walk.choice[key] === choice[key]);
  const current = () => walks.find(same);

  function go(to) {
    const last = current().steps.length - 1;
    step = Math.max(0, Math.min(last, to));
    for (const each of view.querySelectorAll(".step")) {
      each.hidden = Number(each.dataset.step) !== step;
    }
    for (const [i, button] of [...steps.children].entries()) {
      button.setAttribute("aria-pressed", String(i === step));
    }
    view.dataset.step = String(step);
  }

  function draw() {
    const walk = current();
    view.innerHTML = walkView(walk);
    steps.replaceChildren(
      ...walk.steps.map(({ label }, i) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = `${i + 1} ${label}`;
        button.addEventListener("click", () => go(i));
        return button;
      }),
    );
    go(step);
  }

  for (const key of Object.keys(choice)) {
    const label = document.createElement("label");
    const list = document.createElement("select");
    const values = [...new Set(walks.map((walk) => walk.choice[key]))];
    list.append(...values.map((value) => new Option(WORDS[value] ?? value, String(value))));
    list.value = String(choice[key]);
    list.addEventListener("change", () => {
      choice[key] = values.find((value) => String(value) === list.value);
      draw();
    });
    label.append(NAMES[key], list);
    bar.append(label);
  }
  bar.after(steps);
  view.classList.add("stepping");
  document.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLSelectElement || event.ctrlKey || event.metaKey || event.altKey)
      return;
    const to = {
      ArrowRight: step + 1,
      ArrowDown: step + 1,
      ArrowLeft: step - 1,
      ArrowUp: step - 1,
      Home: 0,
      End: current().steps.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  });
  draw();
  document.documentElement.dataset.ready = "yes";
});
