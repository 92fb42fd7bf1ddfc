"""A corpus of completions on Apache Spark: each partition's lines run through one callsift parse --jsonl.

  spark-submit examples/spark.py INPUT OUTPUT [FORMAT]

INPUT holds lines as examples/completions.jsonl has them, OUTPUT gets a result line for each. callsift has to be on every
machine (npm install -g callsift), or CALLSIFT names the command. A wrong line is named on standard error of its executor, and
has no result; results keep their order within a partition, and their "id" says which line they belong to.
"""

import json
import os
import shlex
import sys

from pyspark.sql import SparkSession

CALLSIFT = os.environ.get("CALLSIFT", "callsift")


def parse(lines, format):
    """Gives the result lines of an RDD of lines. A partition fails where callsift cannot run."""
    # Exit code 1 says that some text was damaged, which its result tells. The blank line is for partitions without lines.
    command = f"{{ cat; echo; }} | {CALLSIFT} parse --jsonl --format {shlex.quote(format)} || [ $? -eq 1 ]"
    return lines.pipe(f"sh -c {shlex.quote(command)}", checkCode=True)


if __name__ == "__main__":
    source, target, *rest = sys.argv[1:]
    spark = SparkSession.builder.appName("callsift").getOrCreate()
    results = parse(spark.sparkContext.textFile(source), rest[0] if rest else "auto").cache()
    results.saveAsTextFile(target)
    print("statuses:", dict(results.map(lambda line: json.loads(line)["status"]).countByValue()))
    spark.stop()
