//! A process that writes to a community until it is done, or killed. A file may also be an address.
//!
//! - `batches <file> <member> <first> <size>`: adds batches of resources, says each one's number once it is committed,
//!   and searches, so that a file's index is written, too;
//! - `count <file> <member> <resource> <times>`: adds one to the number in a resource's title, so many times;
//! - `found <file>`: founds a community, says so, and waits to be killed;
//! - `hold <file>`: opens a write, says so, and holds it until its input ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{Read, Write};
use std::ops::ControlFlow;

use cop_core::{
    AnyRecord, Community, ErrorKind, MemberId, NewCommunity, NewResource, Op, ResourceEdit, ResourceId, Session,
};
use cop_tests::postgres::is_address;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["batches", file, member, first, size] => {
            let searches = !is_address(file);
            batches(&session(file, member), first.parse().unwrap(), size.parse().unwrap(), searches);
        }
        ["count", file, member, resource, times] => {
            count(&session(file, member), resource.parse().unwrap(), times.parse().unwrap());
        }
        ["found", file] => {
            let founded = Community::create(file, NewCommunity::new("Math CoP")).unwrap();
            say("founded");
            std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
            drop(founded);
        }
        ["hold", file] => hold(&open(file)),
        _ => panic!("unknown arguments"),
    }
}

fn session(file: &str, member: &str) -> Session {
    open(file).as_member(member.parse::<MemberId>().unwrap()).unwrap()
}

/// The community in a file, with its index, or on a server.
fn open(place: &str) -> Community {
    match is_address(place) {
        true => Community::connect(place).unwrap(),
        false => cop_search::open(place).unwrap(),
    }
}

fn say(word: &str) {
    println!("{word}");
    std::io::stdout().flush().unwrap();
}

fn batches(session: &Session, first: u64, size: u64, searches: bool) {
    say("ready");
    for batch in first.. {
        let body = "a text that fills pages ".repeat(40);
        let add = |n| Op::AddResource(NewResource::new("task", format!("{batch}/{n}/{size}")).with_body(body.clone()));
        session.batch((0..size).map(add).collect(), &mut |_| ControlFlow::Continue(())).unwrap();
        say(&batch.to_string());
        if searches {
            session.search("pages").unwrap();
        }
        if searches && batch % 3 == 0 {
            session.community().catch_up().unwrap();
        }
    }
}

fn count(session: &Session, resource: ResourceId, times: u64) {
    say("ready");
    std::io::stdin().read_exact(&mut [0]).unwrap();
    for _ in 0..times {
        // Busy is an answer, not a loss: a disk may stall for longer than a writer waits.
        let added = loop {
            let added = session.transaction(|tx| {
                let Some(AnyRecord::Resource(found)) = tx.get(resource)? else { panic!("the counter is there") };
                let mut edit = ResourceEdit::new(resource);
                edit.title = Some((found.title.parse::<u64>().unwrap() + 1).to_string());
                tx.revise_resource(edit)
            });
            match added {
                Err(error) if error.kind() == ErrorKind::Busy => {}
                added => break added,
            }
        };
        added.unwrap();
    }
    say("done");
}

fn hold(cop: &Community) {
    let held = cop.steward().transaction(|_| {
        say("held");
        std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
        Ok(())
    });
    held.unwrap();
}
