import { HOUR_MS } from '../core/durations.ts';
import { EventClass } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { isUsed } from './shared/answers.ts';
import { isUsualDevice, LEAST_SIGN_INS, newLevel, residents, SHARED_ADDRESS } from './shared/habits.ts';
import { isAColleagues } from './shared/novelty/client-ratio.ts';
import type { EventView } from './stream/event-view.ts';
import { UserWord } from './stream/layout.ts';
import type { Unit } from './stream/unit.ts';

export const USED_ON_A_COLLEAGUES = 'D24-colleagues-computer';
const ANSWERED = 8.5;
/** Where the presence of the owner's own computer stands, as evidence against. */
const OWN_COMPUTER = ['D6-registration-after-risk', 'D14-use-after'] as const;

export const detector: DetectorSpec = defineDetector({
  /**
   * The new method answers on a computer that a colleague has been known by for days and the user is not, at a place that is new to the
   * user and not an office: at that colleague's home. Whoever registers at an unlocked computer leaves the owner's own device, session and
   * place in the log, and shows who they are at the first use. So what the owner's computer said of the registration is taken back then.
   * The owner who borrows a colleague's computer does so where both work.
   * Works where computers show their ids and sign-ins the kind of method that answered, for users of ten sign-ins. Blind to an insider
   * with a private computer, and where people share computers, in the measure in which they do (D1).
   * Cost: a look at sign-ins of the week after a registration. Memory: none. No parameters.
   * ATT&CK T1098.005. Ref: insiders at an unlocked workstation; devices as personal as phones, Freeman 2016 (detectors.md A1), B1 D14.
   */
  id: USED_ON_A_COLLEAGUES,
  title: "The new method is used on a colleague's computer",
  group: 'registration',
  techniques: ['T1098.005'],
  benignIf: "The user was at the colleague's and signed in on their computer.",
  parameters: {},
  userWords: 0,
  sourceWords: 0,
  create(host) {
    const isUse = (unit: Readonly<Unit>, event: EventView): boolean => {
      const registered = unit.registration!.methodKind;
      return registered !== 'unknown' && isUsed(event, registered);
    };
    return {
      afterwards(unit, event) {
        if (unit.registration?.byOther !== false || unit.evidence[USED_ON_A_COLLEAGUES] !== undefined) return undefined;
        if (event.eventClass !== EventClass.signIn || event.timeMs < unit.openedMs || event.device === 0 || isUsualDevice(event))
          return undefined;
        // By address, not by range: in a provider's range many colleagues live, each at home.
        if (newLevel(event) === undefined || residents(event) >= SHARED_ADDRESS || !isUse(unit, event)) return undefined;
        // To somebody new, or back after long, each computer and each place is new.
        if (event.user[event.userAt + UserWord.signIns]! < LEAST_SIGN_INS || !isAColleagues(host.crowds, event)) return undefined;
        const hours = Math.round((event.timeMs - unit.openedMs) / HOUR_MS);
        const what = event.text('DeviceName') || event.text('DeviceId');
        const words = `The new method answered ${hours} h after on a known computer of a colleague's (${what}) that is not known as the user's, at a place that is new to the user.`;
        const said: Record<string, readonly Contribution[]> = {
          [USED_ON_A_COLLEAGUES]: [contribution(detector, ANSWERED, words, { hours }, [event.text('Id')])],
        };
        for (const part of OWN_COMPUTER) {
          const kept = unit.evidence[part]?.filter(({ group, llr }) => group !== 'client' || llr > 0);
          if (kept !== undefined) said[part] = kept;
        }
        return said;
      },
    };
  },
});
