import { EventClass } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import { unprovenSessions } from './shared/unproven-sessions.ts';

export const detector: DetectorSpec = defineDetector({
  /**
   * A browser session, without a device id, that begins at a place that is new to the user with what was "previously satisfied": neither a
   * password nor a method was given in it. Sessions begin with a proof, and single sign-on without one comes with a device id; a cookie or
   * token that was made elsewhere does not. How much it says is learnt from the tenant's own sessions in new places. Until somebody
   * proves something in it, such a session makes no place known.
   * Works from the tenth day of log, with SessionId and AuthenticationDetails. Blind to a stolen cookie of a session that the log shows:
   * that is D13's.
   * Cost: none but the session's record, which the stream finds. Memory: four bits of it.
   * No parameters.
   * ATT&CK T1539, T1550.004. Ref: authenticationStepResultDetail of Graph's authenticationDetail ("satisfied by claim in the token");
   * detectors.md B1 D13.
   */
  id: 'D23-unproven-session',
  title: 'Session that nobody signed in to',
  group: 'credential',
  techniques: ['T1539', 'T1550.004'],
  benignIf: 'The user had the session open before the log begins, or in an app that signs in to others.',
  parameters: {},
  userWords: 0,
  sourceWords: 0,
  create(host) {
    const sessions = unprovenSessions(host);
    return {
      judges: [EventClass.signIn],
      learns: [EventClass.signIn, EventClass.backgroundSignIn, EventClass.interrupt],
      judge: (event) => sessions.weigh(event),
      explain(event) {
        const llr = sessions.weigh(event);
        if (llr === 0) return [];
        const counts = sessions.countsOf(event);
        const words = `A session that began in a new place without a password or method ("previously satisfied"); so did ${counts.unproven} of ${counts.sessions} others begun in new places.`;
        return [contribution(detector, llr, words, counts, [event.text('Id')])];
      },
      learn: (event) => sessions.note(event),
    };
  },
});
