/** What a walk comes to, in one sentence. */
import type { WalkChoice, WalkStep } from "./steps.ts";

/** Of the steps that were seen. */
export function verdict(choice: WalkChoice, steps: readonly WalkStep[]): string {
  const syn = steps.find(({ label }) => label === "SYN");
  const data = steps.find(({ label }) => label === "data");
  const reply = steps.find(({ label }) => label === "reply");
  if (!data) {
    return "The SYN-ACK's source route is filtered on its way or at the client: the connection never opens.";
  }
  if (!data.route) {
    return "The client does not take over the route: its data goes to the anycast address, and the routers may bring it to another server.";
  }
  const arrived = syn?.receiving?.ip.interface;
  const returned = data.receiving?.ip.interface;
  if (choice.topology === "multihomed" && arrived !== returned) {
    return `The SYN came in by ${arrived}, but the pin names ${returned}, by which the SYN-ACK left: the wrong interface, which the client may not be able to reach.`;
  }
  const lasts = reply?.route
    ? "its data comes back to this host, and so will all that follows"
    : "its data comes back to this host";
  return `The client sends along the reversed route: ${lasts}.`;
}
