"""Répond à une table de scénarios avec Apache Spark (voir docs/spark.md).

spark-submit docs/exemples/lot_spark.py ENTREE.parquet SORTIE.parquet
"""

import argparse
import datetime as dt

from pyspark.sql import SparkSession

from coopdec_rules.batch.transform import ArrowTransform

parser = argparse.ArgumentParser()
parser.add_argument("entree")
parser.add_argument("sortie")
parser.add_argument("--date", type=dt.date.fromisoformat, default=dt.date.today())
given = parser.parse_args()

spark = (
    SparkSession.builder.appName("coopdec lot")
    # Le droit est lu sur toutes les lignes d'un paquet à la fois : de grands paquets.
    .config("spark.sql.execution.arrow.maxRecordsPerBatch", 65_536)
    .getOrCreate()
)
rows = spark.read.parquet(given.entree)
answer = ArrowTransform(rows.columns, given.date, kept=["id"])
# mapInArrow n'admet pas de points dans les noms des colonnes qu'il reçoit : il les a par leur rang.
rows = rows.toDF(*(f"c{place}" for place in range(len(rows.columns))))
rows.mapInArrow(answer, answer.ddl).write.mode("overwrite").parquet(given.sortie)
spark.stop()
