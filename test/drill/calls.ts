/** The system calls that a script may make: each comes to an attempt, tried until it has an outcome. */
import { type Address, In6Addr } from "../../stack/ip6/in6-addr.ts";
import { POLLOUT, type Socket, SS_CONNECTED } from "../../stack/socket.ts";
import { getOption, setOption } from "./call-options.ts";
import { descriptor, numberAt, poll, receiver, sender, vectorLength } from "./call-transfers.ts";
import { CONSTANTS } from "./constants.ts";
import { type CallAction, DrillFailure, Unsupported } from "./model.ts";
import { type Attempt, type Call, done, type Outcome, outcome } from "./outcome.ts";
import type { Session } from "./session.ts";
import { readAddress } from "./settings.ts";
import { agrees, nameOf, numberOf, valueText } from "./values.ts";

const { O_RDWR, O_NONBLOCK } = CONSTANTS;

const CALLS: Readonly<Record<string, (call: Call) => Attempt>> = {
  socket({ session, action, line }) {
    const type = nameOf(action.args[1], line);
    if (type !== "SOCK_STREAM" && type !== "SOCK_DGRAM") throw new Unsupported(type, line);
    const datagram = type === "SOCK_DGRAM";
    const { machine } = session;
    return () => {
      const protocol = datagram ? machine.udp : machine.tcp;
      return open(session, action, protocol.socket(machine.family), datagram, line);
    };
  },
  bind(call) {
    const { socket } = descriptor(call);
    const { address, port } = addressOf(call, call.session.settings.bindPort, true);
    return () => {
      const result = socket.bind(address, port);
      if (result === 0) call.session.bound(socket);
      return outcome(result);
    };
  },
  listen(call) {
    const { socket } = descriptor(call);
    return () => {
      const result = socket.listen(numberAt(call, 1));
      if (result === 0) call.session.listening(socket);
      return outcome(result);
    };
  },
  connect(call) {
    const entry = descriptor(call);
    const { socket } = entry;
    const { address, port } = addressOf(call, call.session.settings.connectPort, false);
    let begun = false;
    return () => {
      if (!begun) {
        begun = true;
        call.session.connecting(socket, port);
        const result = socket.connect(address, port);
        if (result !== "EINPROGRESS" || !entry.blocking) return outcome(result);
      }
      if (socket.error) return outcome(socket.takeError() ?? 0);
      return socket.state & SS_CONNECTED && socket.poll() & POLLOUT ? done(0) : null;
    };
  },
  accept(call) {
    const entry = descriptor(call);
    return () => {
      const accepted = entry.socket.accept();
      if (typeof accepted !== "string") {
        return open(call.session, call.action, accepted, false, call.line);
      }
      return accepted === "EAGAIN" && entry.blocking ? null : outcome(accepted);
    };
  },
  read: (call) => receiver(call, numberAt(call, 2), 0),
  recv: (call) => receiver(call, numberAt(call, 2), numberAt(call, 3)),
  recvfrom: (call) => receiver(call, numberAt(call, 2), numberAt(call, 3)),
  readv: (call) => receiver(call, vectorLength(call), 0),
  write: (call) => sender(call, numberAt(call, 2), 0),
  send: (call) => sender(call, numberAt(call, 2), numberAt(call, 3)),
  sendto: (call) => sender(call, numberAt(call, 2), numberAt(call, 3)),
  writev: (call) => sender(call, vectorLength(call), 0),
  shutdown(call) {
    const { socket } = descriptor(call);
    return () => outcome(socket.shutdown(numberAt(call, 1)));
  },
  close(call) {
    const { socket } = descriptor(call);
    call.session.machine.descriptors.delete(numberAt(call, 0));
    return () => outcome(socket.close());
  },
  fcntl(call) {
    const entry = descriptor(call);
    const command = nameOf(call.action.args[1], call.line);
    if (command === "F_GETFL") return () => done(O_RDWR | (entry.blocking ? 0 : O_NONBLOCK));
    if (command !== "F_SETFL") throw new Unsupported(command, call.line);
    return () => {
      entry.blocking = (numberAt(call, 2) & O_NONBLOCK) === 0;
      return done(0);
    };
  },
  ioctl(call) {
    const { socket } = descriptor(call);
    const request = nameOf(call.action.args[1], call.line);
    if (request !== "FIONREAD" && request !== "SIOCINQ") throw new Unsupported(request, call.line);
    return () => {
      const unread = Math.max(Number(socket.receive(new Uint8Array(1 << 20), 2)) || 0, 0);
      const wanted = call.action.args[2];
      const right = agrees(wanted, unread, call.line);
      return done(0, right ? [] : [`${request} ${valueText(wanted)}, found ${unread}`]);
    };
  },
  getsockopt(call) {
    const { socket } = descriptor(call);
    const { args } = call.action;
    return () => getOption(socket, nameOf(args[2], call.line), args[3], call.line);
  },
  setsockopt(call) {
    const { socket } = descriptor(call);
    const { args } = call.action;
    const name = nameOf(args[2], call.line);
    return () => setOption(call.session.machine, socket, name, args[3], call.line);
  },
  poll(call) {
    const list = call.action.args[0];
    if (list?.kind !== "list") throw new DrillFailure(call.line, "poll: expected [{fd=…}]");
    const timeout = numberAt(call, 2);
    const until = timeout < 0 ? Infinity : call.session.machine.now + timeout * 1e6;
    return () => poll(call, list.items, until);
  },
};

/** The attempt that `action` comes to; Unsupported for a call that is not known. */
export function prepareCall(session: Session, action: CallAction, line: number): Attempt {
  const make = CALLS[action.name];
  if (!make) throw new Unsupported(`the system call ${action.name}`, line);
  return make({ session, action, line });
}

/** Enters a socket under the number that the script gives it. */
function open(
  session: Session,
  action: CallAction,
  socket: Socket,
  datagram: boolean,
  line: number,
): Outcome {
  const number = action.result.kind === "any" ? freeNumber(session) : numberOf(action.result, line);
  // A failure was expected and there is none: the comparison of results says so.
  if (number < 0) return done(freeNumber(session));
  session.machine.descriptors.set(number, { socket, blocking: true, datagram });
  return done(number);
}

function freeNumber({ machine }: Session): number {
  let number = 3;
  while (machine.descriptors.has(number)) number++;
  return number;
}

/** `...`, or `{sa_family=…, sin_port=htons(80), sin_addr=inet_addr("10.0.0.1")}`. */
function addressOf(call: Call, port: number, own: boolean): { address: Address; port: number } {
  const { machine } = call.session;
  const anywhere = machine.family === 4 ? 0 : new In6Addr(0, 0, 0, 0);
  const given = call.action.args[1];
  if (given?.kind !== "struct") return { address: own ? anywhere : machine.remote, port };
  const { fields } = given;
  const wanted = fields.get("sin_addr") ?? fields.get("sin6_addr");
  const text =
    wanted?.kind === "call" ? wanted.args.find((each) => each.kind === "text") : undefined;
  let address: Address = own ? anywhere : machine.remote;
  if (text?.kind === "text") address = readAddress(text.text, machine.family, call.line);
  return { address, port: numberOf(fields.get("sin_port") ?? fields.get("sin6_port"), call.line) };
}
