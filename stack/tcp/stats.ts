/** TCP's counters (4.4BSD's tcpstat); plain numbers. Drops of packets are `StackStats.drop`'s. */
export class TcpStats {
  segmentsIn = 0;
  segmentsOut = 0;
  bytesIn = 0;
  bytesOut = 0;
  /** Connections begun here, accepted from others, and established either way. */
  connectAttempts = 0;
  accepts = 0;
  established = 0;
  /** Ended in order; reset or given up after being established; given up before. */
  closed = 0;
  dropped = 0;
  attemptsFailed = 0;
  retransmittedSegments = 0;
  retransmitTimeouts = 0;
  fastRecoveries = 0;
  persistProbes = 0;
  keepProbes = 0;
  keepDrops = 0;
  delayedAcks = 0;
  duplicateAcksIn = 0;
  duplicateBytesIn = 0;
  outOfOrderIn = 0;
  afterWindowIn = 0;
  afterCloseIn = 0;
  pawsDrops = 0;
  missingTimestamps = 0;
  badAcks = 0;
  challengeAcks = 0;
  challengeLimited = 0;
  resetsOut = 0;
  resetsIn = 0;
  /** Resets with a sequence number that was not the expected one: not believed. */
  resetsRefused = 0;
  listenOverflows = 0;
  synCookiesSent = 0;
  synCookiesAccepted = 0;
  synCookiesRefused = 0;
  timeWaitReused = 0;
  icmpErrors = 0;
  pathMtuReductions = 0;
  /** Connections that got, or changed, a source route from a segment. */
  routesSaved = 0;
  ecnReductions = 0;
  /** Segments that IP could not send (no buffer, no route). */
  outputErrors = 0;
}
