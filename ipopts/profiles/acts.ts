/** What rows of several tables do. */
import { isStrict } from "./conditions.ts";
import { type Act, DONE, LEAVE } from "./table.ts";

export const PARAMETER_PROBLEM = 12;
export const UNREACHABLE = 3;
export const TIME_EXCEEDED = 11;
export const NET_UNREACHABLE = 0;
export const HOST_UNREACHABLE = 1;
export const SOURCE_ROUTE_FAILED = 5;

/** Where the destination address stands: the pointer of a problem with it. */
const DESTINATION_FIELD = 16;

/** ICMP 12/0 that points at byte `offset` of the option under the walk. */
export const problemAt =
  (offset: number, reason: string): Act =>
  (c) => {
    c.refuse(PARAMETER_PROBLEM, 0, c.at + offset, reason);
    return DONE;
  };

/** ICMP 12/0 that points at the destination address. */
export const destinationProblem =
  (reason: string): Act =>
  (c) => {
    c.refuse(PARAMETER_PROBLEM, 0, DESTINATION_FIELD, reason);
    return DONE;
  };

/** Any other ICMP error. */
export const refuse =
  (type: number, code: number, reason: string): Act =>
  (c) => {
    c.refuse(type, code, -1, reason);
    return DONE;
  };

export const drop =
  (reason: string): Act =>
  (c) => {
    c.drop(reason);
    return DONE;
  };

/** Nothing more to do with this option, or in this table. */
export const leave: Act = () => LEAVE;

/** Where the option stands is kept for the tables after the walk. */
export const noteRoute: Act = (c) => {
  c.routeAt = c.at;
  c.strict = isStrict(c);
  return LEAVE;
};

export const noteRecord: Act = (c) => {
  c.recordAt = c.at;
  return LEAVE;
};

export const noteTime: Act = (c) => {
  c.timeAt = c.at;
  return LEAVE;
};
