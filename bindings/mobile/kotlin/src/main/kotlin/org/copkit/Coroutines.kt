package org.copkit

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.mapLatest
import kotlinx.coroutines.flow.transform
import kotlinx.coroutines.withContext

// Every call of the library blocks: a read for microseconds, a write until it is safe on the disk. None belongs on the
// thread that draws.

/** Runs [call] on a thread that may block: `val teams = me.io { teams() }`. */
public suspend fun <T> Session.io(call: Session.() -> T): T = withContext(Dispatchers.IO) { call() }

/** Runs [call] on a thread that may block: `val cop = …; cop.io { standBy() }`. */
public suspend fun <T> Community.io(call: Community.() -> T): T = withContext(Dispatchers.IO) { call() }

/**
 * The position of the last change: now, and after what is written through this handle and its sessions. Of changes that
 * follow each other faster than they are collected, the last.
 */
public fun Community.changes(): Flow<Long> =
    ticks { watch(it) }.answers { head() }.distinctUntilChanged().flowOn(Dispatchers.IO)

/**
 * What [read] answers: now, and again whenever something was written, if it answers something else then.
 *
 * ```kotlin
 * me.observe { goals(GoalFilter(team = team)).items }.collect { goals -> show(goals) }
 * ```
 * Errors of [read] end the flow, like any exception, but while the community stands by it waits for `resume`, and reads
 * again then. It runs on [Dispatchers.IO].
 */
public fun <T> Session.observe(read: Session.() -> T): Flow<T> =
    ticks { watch(it) }.answers { read() }.distinctUntilChanged().flowOn(Dispatchers.IO)

/**
 * Searches while somebody types: of texts that follow each other faster than they are searched, only the last is, and
 * what was found for an earlier one is dropped.
 *
 * ```kotlin
 * me.searchAsYouType(texts).collect { page -> show(page.hits) }
 * ```
 * Unless [query] says otherwise, the last word counts as the beginning of one, and there are no facets.
 */
@OptIn(ExperimentalCoroutinesApi::class)
public fun Session.searchAsYouType(
    texts: Flow<String>,
    query: (String) -> SearchQuery = { SearchQuery(begun(it), facets = false) },
): Flow<SearchHits> =
    texts.distinctUntilChanged().conflate().mapLatest { text -> io { search(query(text)) } }

/** The text as a query whose last word is still being typed: `number li*`. */
public fun begun(text: String): String = if (text.lastOrNull()?.isLetterOrDigit() == true) "$text*" else text

/** What [call] answers at every tick; nothing while the community stands by, for `resume` is a tick. */
private fun <T> Flow<Unit>.answers(call: () -> T): Flow<T> = transform {
    val answer = try {
        call()
    } catch (_: CopException.Interrupted) {
        return@transform
    }
    emit(answer)
}

/** Something once now, and once after what was written since. */
private fun ticks(begin: (Watcher) -> Watch): Flow<Unit> =
    callbackFlow {
        val watcher = object : Watcher {
            override fun changed(head: Long) {
                trySend(Unit)
            }
        }
        begin(watcher).use {
            send(Unit)
            awaitClose()
        }
    }.buffer(Channel.CONFLATED)
