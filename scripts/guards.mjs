// Takes the guards against loss and disorder out of a copy of the code, one at a time, and sees whether the test that is
// there for each of them then fails. What could be taken out unnoticed ends this with 1. With names, or parts of them,
// only those guards. Needs go, git and redis-server.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const testTimeout = '120s';

const lua = (script) => `server/sequence/lua/${script}.lua`;

/**
 * What is taken out is each `from`, which stands exactly once in its file; what is left then compiles, and `test` of the
 * package fails. `panics`: a panic or a test that never ends counts as well.
 */
const guards = [
  {
    name: 'a Redis that lost its tail is fenced: commit',
    edits: [
      {
        file: lua('commit'),
        from: "if not is(m[2]) then return {'FENCE', 'inc'} end\n",
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestNothingIsDoneWithDataThatMayHaveLostTheirTail',
  },
  {
    name: 'a Redis that lost its tail is fenced: load',
    edits: [
      {
        file: lua('load'),
        from: "if not is(m[2]) then return {'FENCE', 'inc'} end\n",
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestNothingIsDoneWithDataThatMayHaveLostTheirTail',
  },
  {
    name: 'a Redis that lost its tail is fenced: snapshot',
    edits: [{ file: lua('snap'), from: ' or not is(m[2])', to: '' }],
    package: './server/sequence',
    test: 'TestNothingIsDoneWithDataThatMayHaveLostTheirTail',
  },
  {
    name: 'who has more than Redis is fenced: commit',
    edits: [
      {
        file: lua('commit'),
        from: "if tonumber(ARGV[2]) > s then return {'FENCE', 'regr'} end\n",
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestWhoHasMoreThanRedisOrdersNothing',
  },
  {
    name: 'who has more than Redis is fenced: load',
    edits: [
      {
        file: lua('load'),
        from: "if have > s then return {'FENCE', 'regr'} end\n",
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestWhoHasMoreThanRedisOrdersNothing',
  },
  {
    name: 'a failover there and back is seen',
    edits: [
      {
        file: lua('prelude'),
        from: "redis.call('INFO', 'replication')",
        to: "'master_replid:' .. string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')",
      },
    ],
    package: './server/sequence',
    test: 'TestNothingIsDoneWithDataThatMayHaveLostTheirTail',
  },
  {
    name: 'nothing is ordered while an order begins anew',
    edits: [
      {
        file: lua('commit'),
        from: "if m[3] ~= 'open' then return {'FENCE', 'rec'} end\n",
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestNothingIsOrderedWhileAnOrderBeginsAnew',
  },
  {
    name: 'nothing is loaded while an order begins anew',
    edits: [
      {
        file: lua('load'),
        from: "if m[3] ~= 'open' then return {'FENCE', 'rec'} end\n",
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestNothingIsOrderedWhileAnOrderBeginsAnew',
  },
  {
    name: 'what was told to another Redis begins no order',
    edits: [
      {
        file: lua('open'),
        from: "if m[2] ~= 'rec' or not is(m[1]) then return {'OVER'} end\n",
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestWhatWasToldToAnotherRedisBeginsNoOrder',
  },
  {
    name: 'who may have more is waited for',
    edits: [
      {
        file: lua('open'),
        from: "if not bids[other] then return {'WAIT', late - time} end",
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestOnlyWhoHasMostBeginsAnOrderAnew',
  },
  {
    name: 'who has more begins the order',
    edits: [
      {
        file: lua('open'),
        from: "  if time < late + tonumber(ARGV[8]) and (better or same and id < ARGV[1]) then return {'BETTER'} end\n",
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestOnlyWhoHasMostBeginsAnOrderAnew',
  },
  {
    name: 'an order begins from what was told',
    edits: [
      {
        file: lua('open'),
        from: "if not own or own[1] ~= ARGV[2] or own[2] ~= tonumber(ARGV[3]) then return {'OVER'} end\n",
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestOnlyWhoHasMostBeginsAnOrderAnew',
  },
  {
    name: 'what Redis has itself takes part: bid',
    edits: [
      {
        file: lua('bid'),
        from: 'local behind = m[1] and further(m[1], m[2], ARGV[2], ARGV[3])',
        to: 'local behind = false',
      },
    ],
    package: './server/sequence',
    test: 'TestWhatRedisStillHasTakesPart',
  },
  {
    name: 'what Redis has itself takes part: open',
    edits: [
      {
        file: lua('open'),
        from: "if m[4] and further(m[4], m[5], own[1], own[2]) then return {'OVER'} end\n",
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestWhatRedisStillHasTakesPart',
  },
  {
    name: 'who comes late with more is heard',
    edits: [
      {
        file: lua('bid'),
        from: ' and not further(ARGV[2], ARGV[3], m[1], m[2])',
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestOnlyWhoHasMostBeginsAnOrderAnew',
  },
  {
    name: 'a lost last message is looked for',
    edits: [{ file: 'server/sequence/shared.go', from: '\t\tq.probe()\n', to: '' }],
    package: './server/sequence',
    test: 'TestWhatNobodyHearsOfIsFoundAllTheSame',
  },
  {
    name: 'after a broken subscription the order is looked at',
    edits: [
      {
        file: 'server/sequence/following.go',
        from: '\tif m.Hole {\n\t\tb.lookAgain()\n\t\treturn\n\t}\n',
        to: '\tif m.Hole {\n\t\treturn\n\t}\n',
      },
    ],
    package: './server/sequence',
    test: 'TestABrokenSubscriptionIsMadeUpFor',
  },
  {
    name: 'a lock is held by two disks',
    edits: [
      {
        file: 'server/sequence/hold.go',
        from: 'if len(q.others(aliveFor)) == 0 {\n\t\treturn true',
        to: 'if len(q.others(aliveFor)) >= 0 {\n\t\treturn true',
      },
    ],
    package: './server/sequence',
    test: 'TestAnEntryIsHeldOnceAnotherInstanceHasIt',
  },
  {
    name: 'a lock is held by the disk of the other, not by its memory',
    edits: [
      { file: 'server/sequence/hold.go', from: ' && saved >= n.Seq', to: '' },
      { file: 'server/sequence/hold.go', from: ' && h.seq <= n.Seq', to: '' },
    ],
    package: './server/sequence',
    test: 'TestAnEntryThatNobodyElseHasOnDiskIsNotHeld',
  },
  {
    name: 'whether a lock is held is asked again',
    edits: [
      {
        file: 'server/sequence/shared.go',
        from: '\t\tq.askToHold()\n',
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestAnEntryThatNobodyElseHasOnDiskIsNotHeld',
  },
  {
    name: 'a commit that fails leaves no hole',
    edits: [
      {
        file: lua('commit'),
        from: "redis.call('XADD', KEYS[2], int(last) .. '-0', 'n', ARGV[4], 't', int(t), 'b', ARGV[5])\nredis.call('HSET', KEYS[1], 's', int(last), 't', int(t))\n",
        to: "redis.call('HSET', KEYS[1], 's', int(last), 't', int(t))\nredis.call('XADD', KEYS[2], int(last) .. '-0', 'n', ARGV[4], 't', int(t), 'b', ARGV[5])\n",
      },
    ],
    package: './server/sequence',
    test: 'TestACommitThatFailsTakesNoNumber',
  },
  {
    name: 'only a snapshot trims the stream',
    edits: [
      {
        file: lua('commit'),
        from: "redis.call('XADD', KEYS[2], int(last)",
        to: "redis.call('XADD', KEYS[2], 'MAXLEN', '1000', int(last)",
      },
    ],
    package: './server/sequence',
    test: 'TestTheStreamHasAllThatNoSnapshotHas',
  },
  {
    name: 'a snapshot of what is yet to come trims nothing',
    edits: [
      {
        file: lua('snap'),
        from: "if seq > tonumber(m[4]) then return {'OLD', newest} end\n",
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestTheStreamHasAllThatNoSnapshotHas',
  },
  {
    name: 'a board that Redis does not have is not a new one: commit',
    edits: [
      {
        file: lua('commit'),
        from: "if not m[1] then return {'FENCE', 'none'} end",
        to: "if not m[1] then m = {ARGV[1], incarnation(), 'open', '0', '0'} end",
      },
    ],
    package: './server/sequence',
    test: 'TestABoardThatRedisDoesNotHaveIsNotAnEmptyOne',
  },
  {
    name: 'a board that Redis does not have is not a new one: load',
    edits: [
      {
        file: lua('load'),
        from: "if not m[1] then return {'FENCE', 'none'} end",
        to: "if not m[1] then return {'TAIL', 0, {}} end",
      },
    ],
    package: './server/sequence',
    test: 'TestABoardThatRedisDoesNotHaveIsNotAnEmptyOne',
  },
  {
    name: 'a board is unknown once all have said so',
    edits: [
      {
        file: 'server/sequence/ctl.go',
        from: 'if q.allIn(asked) {',
        to: 'if true {',
      },
    ],
    package: './server/sequence',
    test: 'TestABoardIsUnknownOnlyOnceAllHaveSaidSo',
  },
  {
    name: 'no board is unknown while Redis is new',
    edits: [
      {
        file: 'server/sequence/ctl.go',
        from: 'err != nil || age < q.o.Fresh {',
        to: 'err != nil || age < 0 {',
      },
    ],
    package: './server/sequence',
    test: 'TestWhileRedisIsNewNoBoardIsUnknown',
  },
  {
    name: 'epochs are equal by their whole names: commit',
    edits: [
      {
        file: lua('commit'),
        from: 'if m[1] ~= ARGV[1] then',
        to: 'if counter(m[1]) ~= counter(ARGV[1]) then',
      },
    ],
    package: './server/sequence',
    test: 'TestEpochsOfOneCounterAreTwo',
  },
  {
    name: 'epochs are equal by their whole names: load',
    edits: [
      {
        file: lua('load'),
        from: 'if m[1] == ARGV[1] then',
        to: 'if counter(m[1]) == counter(ARGV[1]) then',
      },
    ],
    package: './server/sequence',
    test: 'TestEpochsOfOneCounterAreTwo',
  },
  {
    name: 'a board is heard before it is looked at',
    edits: [
      {
        file: 'server/sequence/find.go',
        from: '\tif err := b.subscribe(ctx); err != nil {\n\t\treturn found{}, err\n\t}\n\tfor range maxTries {',
        to: '\tfor range maxTries {',
      },
      {
        file: 'server/sequence/following.go',
        from: 'b.lookAgain() // there may be more',
        to: '_ = b.subscribe(b.ctx)',
      },
    ],
    package: './server/sequence',
    test: 'TestNothingFallsBetweenHearingAndLooking',
  },
  {
    name: 'every start is an epoch',
    edits: [
      {
        file: 'server/sequence/local.go',
        from: 'epoch: newEpoch(0)',
        to: 'epoch: "1.AAAAAAAAAA"',
      },
    ],
    package: './server/sequence',
    test: 'TestEveryStartIsAnEpoch',
  },
  {
    name: 'no two epochs have one name',
    edits: [
      {
        file: 'server/sequence/local.go',
        from: 'rand.Text()[:10]',
        to: 'rand.Text()[:0]+"AAAAAAAAAA"',
      },
    ],
    package: './server/sequence',
    test: 'TestEveryStartIsAnEpoch',
  },
  {
    name: 'what a later version orders is not left out',
    edits: [
      {
        file: 'server/sequence/wire.go',
        from: 'if err == nil && !bytes.Equal(again, raw) && !within(again, raw) {',
        to: 'if err == nil && !bytes.Equal(again, raw) && !within(raw, raw) {',
      },
    ],
    package: './server/sequence',
    test: 'TestWhatALaterVersionOrdersIsNotLeftOut',
  },
  {
    name: 'what Redis lost of boards that nobody has open is seen',
    edits: [
      {
        file: 'server/sequence/probe.go',
        from: '\tif q.incarnation != "" && q.incarnation != r.word {\n\t\tq.running.Go(q.scan)\n\t}\n',
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestWhatRedisLostOfABoardThatNobodyHasOpenComesBack',
  },
  {
    name: 'a board that lost entries is opened, so that they get other places',
    edits: [
      {
        file: 'server/sequence/ctl.go',
        from: '\t\t\tcase (own.Orphans || own.Epochs.Name() != at.epoch) && q.o.Wake != nil:\n\t\t\t\terr = q.o.Wake(ctx, id)\n',
        to: '\t\t\tcase own.Orphans:\n',
      },
    ],
    package: './server/sequence',
    test: 'TestABoardThatLostEntriesIsOpened',
  },
  {
    name: 'who waits for a lock waits on in the next epoch',
    edits: [
      {
        file: 'server/sequence/following.go',
        from: 'b.q.carryHolds(b.id, was, b.epochs) // after',
        to: '_ = was // after',
      },
    ],
    package: './server/sequence',
    test: 'TestAnEntryIsHeldInWhateverEpochItIsPartOf',
  },
  {
    name: 'time never goes back on a board: several instances',
    edits: [
      {
        file: lua('commit'),
        from: 'math.max(tonumber(m[6] or 0), now())',
        to: 'now()',
      },
    ],
    package: './server/sequence',
    test: 'TestShared',
  },
  {
    name: 'time never goes back on a board: one instance',
    edits: [
      {
        file: 'server/sequence/local.go',
        from: 'o.seq+1, max(o.time, time.Now().UnixMilli())',
        to: 'o.seq+1, time.Now().UnixMilli()',
      },
    ],
    package: './server/sequence',
    test: 'TestLocal',
  },
  {
    name: 'numbers are seen one by one, not up to the highest',
    edits: [
      {
        file: 'protocol/board/dedupe.go',
        from: 'return found && at < len(l.spans)',
        to: '_, _ = at, found\n\treturn len(l.spans) > 0 && n <= l.spans[len(l.spans)-1].last',
      },
    ],
    package: './protocol/board',
    test: 'TestAClientWhoseNumbersJumpTakesNoMoreRoomThanAnother',
  },
  {
    name: 'what was told as refused is not done when it is rescued',
    edits: [
      {
        file: 'protocol/board/apply.go',
        from: 'if no := t.told(i); no != nil {',
        to: 'if no := t.told(i); no != nil && !e.Rescued {',
      },
    ],
    package: './protocol/board',
    test: 'TestWhatWasToldAsRefusedStaysRefused',
  },
  {
    name: 'what cannot be done again is proposed',
    edits: [
      {
        file: 'protocol/board/apply.go',
        from: '\t\tif e.Rescued {\n\t\t\tt.proposeRefused(e.Seq)\n\t\t}\n',
        to: '',
      },
    ],
    package: './protocol/board',
    test: 'TestWhatIsRescuedUnderALockIsProposed',
  },
  {
    name: 'the lock is asked at the place in the order',
    edits: [
      {
        file: 'protocol/board/admit.go',
        from: '\tcase "closed":\n\t\treturn refuse(BoardLocked).set(lock)\n',
        to: '',
      },
    ],
    package: './protocol/board',
    test: 'TestVectors',
  },
  {
    name: 'the link is asked at the place in the order',
    edits: [
      {
        file: 'protocol/board/admit.go',
        from: '\tif revoked := link.Map("revoked"); revoked != nil {\n\t\treturn refuse(Revoked).set(revoked)\n\t}\n',
        to: '',
      },
    ],
    package: './protocol/board',
    test: 'TestVectors',
  },
  {
    name: "the role is the link's at the place in the order",
    edits: [
      {
        file: 'protocol/board/admit.go',
        from: '\tif Role(link.Text("role")) != t.e.Role {\n\t\treturn refuse(Forbidden)\n\t}\n',
        to: '',
      },
    ],
    package: './protocol/board',
    test: 'TestVectors',
  },
  {
    name: 'two histories part where the names of their epochs do',
    edits: [
      {
        file: 'protocol/board/epoch.go',
        from: 'if other[j].Name != e[i].Name {',
        to: 'if EpochCounter(other[j].Name) != EpochCounter(e[i].Name) {',
      },
    ],
    package: './protocol/board',
    test: 'TestWhereTwoHistoriesPart',
  },
  {
    name: 'time is that of the entry',
    edits: [
      {
        file: 'protocol/board/apply.go',
        from: 's.time = max(s.time, e.Time)',
        to: 's.time = max(s.time, time.Now().UnixNano())',
      },
      {
        file: 'protocol/board/apply.go',
        from: 'import (\n',
        to: 'import (\n\t"time"\n',
      },
    ],
    package: './protocol/board',
    test: 'TestTwoProcessesMakeTheSameBoardOfTheSameEntries',
  },
  {
    name: 'items come in their order, not in that of a map',
    edits: [
      {
        file: 'protocol/board/state.go',
        from: '\tsortByOrder(all)\n\treturn all',
        to: '\treturn all',
      },
    ],
    package: './protocol/board',
    test: 'TestNothingDependsOnTheOrderOfAMap',
  },
  {
    name: 'what refers to an item comes in its order, not in that of a map',
    edits: [
      {
        file: 'protocol/board/state.go',
        from: '\tslices.SortFunc(all, func(a, b *Item) int { return strings.Compare(a.ID, b.ID) })\n\treturn all',
        to: '\treturn all',
      },
    ],
    package: './protocol/board',
    test: 'TestNothingDependsOnTheOrderOfAMap',
  },
  {
    name: 'what was overtaken by a copy that was refused is proposed',
    edits: [
      {
        file: 'protocol/board/apply.go',
        from: 'case known && t.proposeOvertaken(fate):',
        to: 'case known && !e.Rescued && t.proposeOvertaken(fate):',
      },
    ],
    package: './protocol/board',
    test: 'TestWhatWasOvertakenByACopyThatWasRefusedIsProposed',
  },
  {
    name: 'what lost its place is kept on disk',
    edits: [
      {
        file: 'store/renew.go',
        from: '\t\tif !r.Astray {\n\t\t\tif err := f.disown',
        to: '\t\tif r.Astray {\n\t\t\tif err := f.disown',
      },
    ],
    package: './store',
    test: 'TestARenewedBoardKeepsWhatLostItsPlace',
  },
  {
    name: 'what lost its place gets another',
    edits: [
      {
        file: 'server/room/follow.go',
        from: '\t\tr.rescue()\n\t\tr.fetchMilestones()\n',
        to: '',
      },
    ],
    package: './server/room',
    test: 'TestWhatLostItsPlaceGetsAnotherAndIsSavedThere',
  },
  {
    name: 'what lost its place gets another when its board is opened',
    edits: [
      {
        file: 'server/room/room.go',
        from: '\tif orphans {\n\t\tr.rescue()\n\t}\n',
        to: '\t_ = orphans\n',
      },
    ],
    package: './server/room',
    test: 'TestWhatLostItsPlaceWhileNobodyWasThereComesBack',
  },
  {
    name: 'what was saved in an epoch that is over is not saved in the next',
    edits: [{ file: 'server/room/room.go', from: '\tr.disk.show(s.Seq())\n', to: '' }],
    package: './server/room',
    test: 'TestWhatLostItsPlaceGetsAnotherAndIsSavedThere',
  },
  {
    name: 'what is rescued is kept until it is saved',
    edits: [
      {
        file: 'server/room/follow.go',
        from: '\t\tif saved < ordered && !r.pause(lookAgain) {\n\t\t\treturn errStopped\n\t\t}\n',
        to: '\t\tbreak\n',
      },
    ],
    package: './server/room',
    test: 'TestWhatLostItsPlaceGetsAnotherAndIsSavedThere',
  },
  {
    name: 'what waits for a socket that has closed is dropped',
    edits: [
      {
        file: 'server/room/push.go',
        from: '\t\treturn true\n\tcase <-m.left:\n\tcase <-m.room.stopped:\n\t}\n\treturn false\n',
        to: '\t\treturn true\n\tcase <-m.room.stopped:\n\t}\n\treturn false\n',
      },
    ],
    package: './server/room',
    test: 'TestWhatWaitsForWhoHasLeftIsNotOrdered',
  },
  {
    name: 'a lock is called held once the order says so',
    edits: [
      {
        file: 'server/room/hold.go',
        from: 'func() { go func() { _ = r.post(context.Background(), at) }() }) {',
        to: 'func() { go func() { _ = r.post(context.Background(), at) }() }) || true {',
      },
    ],
    package: './server/room',
    test: 'TestALockIsHeldOnceAnotherInstanceHasIt',
  },
  {
    name: 'who stood in another epoch gets the whole board',
    edits: [
      {
        file: 'server/room/welcome.go',
        from: 'at.Epoch != r.epochs.Name() || ',
        to: '',
      },
    ],
    package: './server/room',
    test: 'TestWhoStoodElsewhereGetsTheWholeBoard',
  },
  {
    name: 'a room that somebody has come to does not close',
    edits: [
      {
        file: 'server/room/hub.go',
        from: 'if r.refs > 0 || r.ending || h.draining',
        to: 'if r.ending || h.draining',
      },
    ],
    package: './server/room',
    test: 'TestWhoComesAsTheRoomIsAboutToCloseStays',
  },
  {
    name: 'nobody is let into a room that is closing',
    edits: [
      {
        file: 'server/room/hub.go',
        from: '\tif r != nil && r.ending {\n\t\treturn r, true, nil\n\t}\n',
        to: '',
      },
    ],
    package: './server/room',
    test: 'TestNobodyIsLetIntoARoomThatIsClosing',
  },
  {
    name: 'the server says whose a push is and by which link',
    edits: [
      {
        file: 'server/room/push.go',
        from: 'Role: m.role, Link: m.link, Client: client, N: p.N',
        to: 'Role: board.Facilitator, Client: client, N: p.N',
      },
    ],
    package: './server/room',
    test: 'TestARefusalGoesToItsAuthorAlone',
  },
  {
    name: 'what was proposed is proposed again when it is lost',
    edits: [
      {
        file: 'server/room/follow.go',
        from: '\t\tif lost.Rescued {\n',
        to: '\t\tif lost.Rescued && lost.N == 0 {\n',
      },
    ],
    package: './server/room',
    test: 'TestWhatWaitsToBeDecidedIsNotLostWithAnotherOrder',
  },
  {
    name: 'a lock is told to be held in the next epoch',
    edits: [{ file: 'server/room/follow.go', from: '\tr.holdAgain()\n', to: '' }],
    package: './server/room',
    test: 'TestALockIsHeldOnceAnotherInstanceHasIt',
  },
  {
    name: 'who was away is told that a lock is held',
    edits: [
      {
        file: 'server/room/member.go',
        from: '\tr.awaitAgain(m, in.waiting)\n',
        to: '',
      },
    ],
    package: './server/room',
    test: 'TestWhoWasAwayIsToldThatALockIsHeld',
  },
  {
    name: 'a Redis that was left and comes back is not followed',
    edits: [
      {
        file: 'server/sequence/find.go',
        from: 'board.CompareEpochs(b.epochs.Name(), f.renewal.Epochs.Name()) <= 0 {',
        to: 'board.CompareEpochs(b.epochs.Name(), f.renewal.Epochs.Name()) < 9 {',
      },
    ],
    package: './server/sequence',
    test: 'TestARedisThatWasLeftAndComesBackIsNotFollowed',
  },
  {
    name: 'what Redis alone has is followed, not jumped over',
    edits: [
      {
        file: 'server/sequence/begin.go',
        from: 'snapshot: s, catchUp: b.catchUp}, nil',
        to: 'snapshot: s}, nil',
      },
    ],
    package: './server/sequence',
    test: 'TestWhatRedisAloneHasIsFollowed',
  },
  {
    name: 'who has come to another state takes over the same',
    edits: [
      {
        file: 'server/sequence/compare.go',
        from: '\tb.astray.Store(true)\n',
        to: '',
      },
    ],
    package: './server/sequence',
    test: 'TestWhoHasComeToAnotherStateTakesOverTheSame',
  },
  {
    name: 'nothing of a text that was erased stays in Redis',
    edits: [
      {
        file: 'server/sequence/snap.go',
        from: '\t\treturn -1\n',
        to: '\t\treturn keptBehind\n',
      },
    ],
    package: './server/sequence',
    test: 'TestOfATextThatIsErasedForGoodNothingStaysInRedis',
  },
  {
    name: 'a history that lacks a part says so',
    edits: [
      {
        file: 'store/renew.go',
        from: 'lastSeq(f.tx, id) < k.seq)',
        to: 'kept < k.seq)',
      },
    ],
    package: './store',
    test: 'TestARenewedBoardMayLackPartOfItsOwnHistory',
  },
  {
    name: 'milestones come to an instance that was not there',
    edits: [
      {
        file: 'server/room/room.go',
        from: '\tr.fetchMilestones()\n\treturn nil',
        to: '\treturn nil',
      },
    ],
    package: './server',
    test: 'TestMilestonesComeToAnInstanceThatWasNotThere',
  },
  {
    name: 'what was refused of a closed tab is told to who comes back',
    edits: [
      {
        file: 'server/room/welcome.go',
        from: 'if text != nil && e.entry != nil && e.entry.By == m.id {',
        to: 'if false {',
      },
    ],
    package: './server/room',
    test: 'TestWhatWasRefusedOfAClosedTabIsToldToWhoComesBack',
  },
];

/** A copy of the working tree, without what git ignores. */
function copyTo(folder) {
  const list = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], {
    cwd: root,
  });
  for (const file of new Set(list.toString().split('\0').filter(Boolean))) {
    cpSync(join(root, file), join(folder, file), { force: true });
  }
}

/** Runs tests of one package; whether they passed, and what was written. */
function test(folder, path, names) {
  const pattern = `^(${names.join('|')})$`;
  const args = ['test', '-trimpath', '-vet=off', '-count=1', '-v', `-timeout=${testTimeout}`];
  const done = spawnSync('go', [...args, '-run', pattern, path], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (done.error) throw done.error;
  return { passed: done.status === 0, output: done.stdout + done.stderr };
}

/** Takes something out of a file; what it returns puts it back. */
function remove(folder, { file, from, to }) {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  const times = text.split(from).length - 1;
  if (times !== 1) throw new Error(`${file} has this ${times} times instead of once:\n${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  return () => writeFileSync(path, text);
}

/** Throws if guards are not where they are said to be. */
function findAll(folder, all) {
  const missing = [];
  for (const edit of all.flatMap((guard) => guard.edits)) {
    try {
      remove(folder, edit)();
    } catch (error) {
      missing.push(error.message);
    }
  }
  if (missing.length > 0) throw new Error(missing.join('\n\n'));
}

/** Why it is no proof that the test failed; undefined if it is one. */
function doubt(guard, { passed, output }) {
  if (passed) return 'it can be taken out unnoticed';
  if (/\[(build|setup) failed\]/.test(output)) return 'what is left does not compile';
  if (/^panic: /m.test(output)) return guard.panics ? undefined : 'the test panics or never ends';
  return output.includes('--- FAIL: ') ? undefined : 'the test did not run';
}

function chosen(names) {
  const all = guards.filter(
    ({ name }) => names.length === 0 || names.some((part) => name.includes(part)),
  );
  const unknown = names.filter((part) => !guards.some(({ name }) => name.includes(part)));
  if (unknown.length > 0) throw new Error(`there is no guard ${unknown.join(', ')}`);
  return all;
}

/** Throws unless every test is there and passes while its guard is in place. */
function passUnharmed(folder, all) {
  for (const path of new Set(all.map((guard) => guard.package))) {
    const names = new Set(all.filter((guard) => guard.package === path).map(({ test }) => test));
    const { passed, output } = test(folder, path, [...names]);
    const missing = [...names].filter((name) => !output.includes(`--- PASS: ${name} `));
    if (!passed || missing.length > 0) {
      throw new Error(`${path} with all guards in place, ${missing.join(', ')}:\n${output}`);
    }
  }
}

/** Takes out one guard, puts it back, and says what came of it. */
function tryWithout(folder, guard) {
  const undo = [];
  try {
    for (const edit of guard.edits) undo.unshift(remove(folder, edit));
    const result = test(folder, guard.package, [guard.test]);
    return { why: doubt(guard, result), output: result.output };
  } finally {
    for (const back of undo) back();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'jana-guards-'));
try {
  const all = chosen(process.argv.slice(2));
  copyTo(folder);
  findAll(folder, all);
  passUnharmed(folder, all);
  let unnoticed = 0;
  for (const guard of all) {
    const { why, output } = tryWithout(folder, guard);
    process.stdout.write(`${why ? 'NOT KEPT' : 'kept'}  ${guard.name} (${guard.test})\n`);
    if (why) {
      unnoticed++;
      process.stdout.write(`${why}:\n${output.split('\n').slice(-30).join('\n')}\n`);
    }
  }
  process.stdout.write(
    `${all.length - unnoticed} of ${all.length} guards are kept by their tests\n`,
  );
  if (unnoticed > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
