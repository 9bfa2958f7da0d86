//! Commands inside containers.

use super::*;

/// What a command answers in the only container, which has a secret, a config and variables.
#[track_caller]
fn inside(command: &str, expected: &str) {
    let mut prompt = Prompt::new();
    prompt.type_in(
        "printf 'geheim\\n' | docker secret create key -; printf 'a=1\\n' | docker config create conf -
         docker service create -dq --name web --constraint node.role==manager --secret key \
         --config source=conf,target=/etc/app.conf -e WHO={{.Task.Name}} -e B=two masungil/my-fastapi-whoami",
    );
    prompt.wait(5_000).type_in("c=$(docker ps -q)").type_in(command).wait(1_000);
    let seen = prompt.seen();
    let answer = seen.rsplit_once(&format!("$ {command}\n")).expect("it was typed").1;
    assert_eq!(answer, expected, "of {command}");
}

#[test]
fn what_swarm_puts_there_can_be_looked_at() {
    inside("docker exec $c ls /run/secrets", "key\n");
    inside("docker container exec -it $c cat /run/secrets/key /etc/app.conf", "geheim\na=1\n");
    inside(
        "docker exec $c ls -l /run/secrets | grep -o 'r--.*key' | tr -s 0-9 N | cut -d' ' -f1-5",
        "r--r--r-- N root root N\n",
    );
    inside("[ $(docker exec $c hostname) = $c ] && echo same", "same\n");
    inside("docker exec -e B=3 -e C=4 $c env | grep -E '^(B|C|HOME)='", "B=3\nC=4\nHOME=/root\n");
    inside("docker exec $c printenv WHO | cut -d. -f1-2; docker exec $c printenv NOPE", "web.1\n[1]\n");
    inside("docker exec $c sh -c 'echo \"$B in $(pwd)\"; exit 3'", "two in /\n[3]\n");
    inside("echo typed | docker exec -i $c cat; echo typed | docker exec $c cat", "typed\n");
}

#[test]
fn what_is_not_known_of_an_image_is_not_invented() {
    inside("docker exec $c cat /etc/passwd", "!cat: /etc/passwd: swarmyard does not know the files of an image\n[1]\n");
    inside("docker exec $c ls", "!ls: cannot access '.': swarmyard does not know the files of an image\n[2]\n");
    inside("docker exec $c cat /run/secrets/nope", "!cat: /run/secrets/nope: No such file or directory\n[1]\n");
    inside(
        "docker exec $c sh -c 'echo x > /tmp/x'",
        "!bash: /tmp/x: swarmyard does not know the files of an image\n[1]\n",
    );
    inside(
        "docker exec $c docker ps",
        "!swarmyard: 'docker' in a container is not simulated; there are cat, echo, env, false, grep, head, hostname, \
         ls, printenv, printf, pwd, sh, sleep, tail, true, wc\n[127]\n",
    );
    inside(
        "docker exec -it $c sh",
        "!swarmyard: 'sh' without a file or `-c` is not simulated; write `docker exec CONTAINER COMMAND`\n[1]\n",
    );
}

#[test]
fn it_runs_no_longer_than_its_container() {
    inside("docker exec nope true", "!Error response from daemon: No such container: nope\n[1]\n");
    inside("docker exec -d $c sleep 100; echo on", "on\n");
    inside("docker exec $c sleep 100", "…\n");
    inside(
        "docker exec $c sleep 100 & sleep 0.1; docker kill $c > k; wait $!; echo $?",
        "![1] 2418\n137\n[1]+  Exit 137                docker exec $c sleep 100\n",
    );
}
